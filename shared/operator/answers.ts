// What the operator answers, as the command line reads it: amounts and ratios are plain decimal strings, times epoch milliseconds.
import * as z from 'zod';

const amount = z.string();
const killState = z.enum(['ACTIVE', 'REDUCING', 'HALTED']);

const reason = z.object({ about: z.string(), code: z.string(), words: z.string() });

const journalEntry = z.object({
  at: z.number(),
  level: z.enum(['DEBUG', 'INFO', 'WARN', 'ERROR']),
  fact: z.string(),
  message: z.string(),
  fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});

/** One switch that is not ACTIVE. `until`: when it is lifted by itself; `by`: who the journal says threw it, null where it does not. */
const killSwitch = z.object({
  scope: z.string(),
  state: killState,
  until: z.number().nullable(),
  by: z.string().nullable(),
  why: z.string().nullable(),
  at: z.number().nullable(),
});

const roomOfClass = z.object({ assetClass: z.enum(['stock', 'crypto']), cap: amount, used: amount, free: amount });

const capacity = z.object({
  equity: amount,
  equityAgeSeconds: z.number(),
  isRecent: z.boolean(),
  cap: amount,
  used: amount,
  free: amount,
  byClass: z.array(roomOfClass),
});

const openAction = z.object({
  id: z.string(),
  symbol: z.string(),
  purpose: z.string(),
  work: z.string(),
  state: z.enum(['PLANNED', 'SENT']),
  ageSeconds: z.number(),
});

const deadLetters = z.object({ queue: z.string(), waiting: z.number() });

const venue = z.object({
  name: z.string(),
  circuit: z.enum(['CLOSED', 'OPEN', 'PROBE']),
  pause: z.object({ kind: z.string(), seconds: z.number() }).nullable(),
});

/** `faults`: what could not be read, and is null above. */
export const statusAnswer = z.object({
  kind: z.literal('STATUS'),
  account: z.string(),
  at: z.number(),
  capacity: capacity.nullable(),
  kill: z.array(killSwitch),
  counts: z.object({ watches: z.number(), entries: z.number(), positions: z.number(), unprotected: z.number(), foreign: z.number() }),
  reconcileAgeSeconds: z.number().nullable(),
  actions: z.array(openAction),
  deadLetters: z.array(deadLetters).nullable(),
  venue: venue.nullable(),
  faults: z.array(z.string()),
});

const order = z.object({
  symbol: z.string(),
  slot: z.string(),
  purpose: z.string(),
  side: z.enum(['buy', 'sell']),
  quantity: amount,
  filled: amount,
  price: amount.nullable(),
  notional: amount,
  distance: amount.nullable(),
  ageSeconds: z.number(),
  status: z.string(),
  clientOrderId: z.string(),
  protectedBy: z.string().nullable(),
});

export const ordersAnswer = z.object({ kind: z.literal('ORDERS'), at: z.number(), orders: z.array(order) });

const position = z.object({
  symbol: z.string(),
  slot: z.string(),
  status: z.string(),
  side: z.enum(['buy', 'sell']),
  quantity: amount,
  averagePrice: amount,
  stopPrice: amount.nullable(),
  stop: z.string(),
  isProtected: z.boolean(),
  takeProfit: amount.nullable(),
  rules: z.array(z.string()),
  lastPrice: amount.nullable(),
  unrealised: amount.nullable(),
  ageSeconds: z.number(),
});

export const positionsAnswer = z.object({ kind: z.literal('POSITIONS'), at: z.number(), positions: z.array(position) });

const steal = z.object({
  at: z.number(),
  thief: z.string(),
  thiefDistance: amount,
  thiefPnl: amount.nullable(),
  victim: z.string(),
  victimDistance: amount,
  victimPnl: amount.nullable(),
  fight: z.boolean(),
  cooldownSeconds: z.number(),
});

export const stealsAnswer = z.object({ kind: z.literal('STEALS'), at: z.number(), steals: z.array(steal) });

/** `journal` is null where it could not be read, and `fault` says why. */
export const whyAnswer = z.object({
  kind: z.literal('WHY'),
  at: z.number(),
  symbol: z.string(),
  account: reason,
  slots: z.array(z.object({ slot: z.string(), reasons: z.array(reason) })),
  journal: z.array(journalEntry).nullable(),
  fault: z.string().nullable(),
});

export const journalAnswer = z.object({ kind: z.literal('JOURNAL'), at: z.number(), symbol: z.string().nullable(), entries: z.array(journalEntry) });

export const killAnswer = z.object({
  kind: z.literal('KILL_SWITCH'),
  scope: z.string(),
  changed: z.boolean(),
  state: killState,
  until: z.number().nullable(),
});

export const adoptAnswer = z.object({ kind: z.literal('ADOPT'), symbol: z.string(), adopted: z.boolean(), reason: z.string().nullable() });

export const deadLettersAnswer = z.object({ kind: z.literal('DEAD_LETTERS'), queues: z.array(deadLetters) });

export const redriveAnswer = z.object({ kind: z.literal('REDRIVE'), queue: z.string(), moved: z.number(), left: z.number() });

export const restoredAnswer = z.object({ kind: z.literal('RESTORE'), table: z.string(), changed: z.boolean(), fenceFloor: z.number() });

/** Sums of what was closed; `net` is null where a commission is not known. */
const sums = z.object({ pairs: z.number(), quantity: amount, gross: amount, commission: amount, unknown: z.number(), net: amount.nullable() });

export const reportAnswer = z.object({
  kind: z.literal('REPORT'),
  date: z.string(),
  from: z.number(),
  to: z.number(),
  writtenAt: z.number(),
  text: z.string(),
  total: sums,
  symbols: z.array(sums.extend({ symbol: z.string() })),
  steals: z.number(),
  lostLots: z.number(),
  unpaired: z.number(),
});

export type ReportAnswer = z.infer<typeof reportAnswer>;
export type StatusAnswer = z.infer<typeof statusAnswer>;
export type OrdersAnswer = z.infer<typeof ordersAnswer>;
export type PositionsAnswer = z.infer<typeof positionsAnswer>;
export type StealsAnswer = z.infer<typeof stealsAnswer>;
export type WhyAnswer = z.infer<typeof whyAnswer>;
export type JournalAnswer = z.infer<typeof journalAnswer>;
export type KillSwitchAnswer = z.infer<typeof killAnswer>;
export type AdoptAnswer = z.infer<typeof adoptAnswer>;
export type DeadLettersAnswer = z.infer<typeof deadLettersAnswer>;
export type RestoredAnswer = z.infer<typeof restoredAnswer>;
export type RedriveAnswer = z.infer<typeof redriveAnswer>;
