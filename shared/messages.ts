// What travels on the queues. Messages are doorbells: the table is the truth, so each holds ids and prices only.
import * as z from 'zod';
import type { Writes } from './schema-writes.ts';

/** Highest message schema this code reads, and each before it; a newer one is given back to the queue. */
export const MESSAGE_SCHEMA = 1;
/** What the release before this one sends; it reads nothing newer. */
const OLDER_MESSAGE_SCHEMA = 1;

/** Tells which schema messages are sent in, until a stage is flipped and after. */
export const messageSchema = (writes: Writes): number => (writes === 'NEWEST' ? MESSAGE_SCHEMA : OLDER_MESSAGE_SCHEMA);

const decimalText = z.string().regex(/^\d{1,38}(\.\d{1,38})?$/, 'expected a plain positive decimal');
const base = { schema: z.int().min(1).max(MESSAGE_SCHEMA), account: z.string().min(1), correlationId: z.string().min(1) };

export const quotesMessage = z.object({
  ...base,
  kind: z.literal('QUOTES'),
  /** Revision of the board before the poll, by which a repeated message is known; absent where a venue pushed the prices. */
  boardRevision: z.int().nonnegative().optional(),
  quotes: z.array(z.object({ symbol: z.string().min(1), price: decimalText, at: z.int().nonnegative() })).max(1000),
});
export const stealMessage = z.object({ ...base, kind: z.literal('STEAL'), symbol: z.string().min(1), slot: z.string().min(1) });
export const actionMessage = z.object({
  ...base,
  kind: z.literal('ACTION'),
  actionId: z.string().min(1),
  symbol: z.string().min(1),
  /** How often it was rung again because its turn had not come. */
  hop: z.int().nonnegative().optional(),
});
/** An action on a protective order; it travels on a queue of its own, so that nothing is ahead of it. */
export const stopActionMessage = actionMessage.extend({ kind: z.literal('STOP_ACTION') });
export const lookupMessage = z.object({
  ...base,
  kind: z.literal('LOOKUP'),
  actionId: z.string().min(1),
  symbol: z.string().min(1),
  hop: z.int().nonnegative(),
  /** Whether an action that is still planned is rung again: it waits for its turn at the venue, and a FIFO queue delays nothing. */
  rings: z.boolean().optional(),
});
/** Asks whether a fill is protected, some seconds after it (SL-7). */
export const watchdogMessage = z.object({
  ...base,
  kind: z.literal('WATCHDOG'),
  symbol: z.string().min(1),
  slot: z.string().min(1),
  hop: z.int().nonnegative(),
});
export const tickMessage = z.object({ ...base, kind: z.enum(['QUOTE_TICK', 'RECONCILE_TICK']) });

export type QuotesMessage = z.infer<typeof quotesMessage>;
export type StealMessage = z.infer<typeof stealMessage>;
export type ActionMessage = z.infer<typeof actionMessage>;
export type StopActionMessage = z.infer<typeof stopActionMessage>;
export type WatchdogMessage = z.infer<typeof watchdogMessage>;
export type LookupMessage = z.infer<typeof lookupMessage>;
export type TickMessage = z.infer<typeof tickMessage>;
export type Message =
  | QuotesMessage
  | StealMessage
  | ActionMessage
  | StopActionMessage
  | LookupMessage
  | WatchdogMessage
  | TickMessage;

/** The queues by the kind of message they carry; FIFO ones are grouped as named. */
export const QUEUES = {
  QUOTES: { name: 'quotes', environment: 'QUOTES_QUEUE_URL', group: null },
  STEAL: { name: 'steals', environment: 'STEALS_QUEUE_URL', group: 'account' },
  ACTION: { name: 'actions', environment: 'ACTIONS_QUEUE_URL', group: 'symbol' },
  STOP_ACTION: { name: 'stops', environment: 'STOPS_QUEUE_URL', group: 'symbol' },
  WATCHDOG: { name: 'watchdogs', environment: 'WATCHDOGS_QUEUE_URL', group: null },
  LOOKUP: { name: 'lookups', environment: 'LOOKUPS_QUEUE_URL', group: null },
  QUOTE_TICK: { name: 'quote-ticks', environment: 'QUOTE_TICKS_QUEUE_URL', group: null },
  RECONCILE_TICK: { name: 'reconcile-ticks', environment: 'RECONCILE_TICKS_QUEUE_URL', group: null },
} as const satisfies Record<Message['kind'], { name: string; environment: string; group: 'account' | 'symbol' | null }>;
