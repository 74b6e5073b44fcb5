// What the paper venue can be told to do wrong: at its door, and with its webhooks. Chance comes from a seed.
import { createHash } from 'node:crypto';
import type { VenueEvent, VenueEventType } from './venue-model.ts';

export type VenueOperation =
  | 'PLACE' | 'CANCEL' | 'AMEND' | 'PLACE_BATCH' | 'CANCEL_BATCH' | 'FIND' | 'OPEN_ORDERS' | 'CONDITIONAL_ORDERS' | 'POSITIONS' | 'FIND_POSITION' | 'MARKETS' | 'QUOTES' | 'ACCOUNT' | 'FILLS';

/** What a fault is aimed at: calls of a kind, or only those of them that are about an order with a stop price. */
export type FaultTarget = VenueOperation | 'PLACE_STOP' | 'CANCEL_STOP' | 'AMEND_STOP' | 'FIND_STOP';

/** Which of the calls or webhooks that match are meant: every n-th, so many of them by chance, or those numbered from 1. */
export type FaultTiming =
  | { readonly kind: 'EVERY'; readonly n: number }
  | { readonly kind: 'CHANCE'; readonly ratio: number }
  | { readonly kind: 'LISTED'; readonly numbers: readonly number[] };

/**
 * TIMEOUT never answers, RESET breaks the connection, ERROR answers with a status; BEFORE or AFTER the call has taken
 * effect, which one answered with 429 or 418 never does. BAN answers this and every other call with 418 for so long. LATE takes effect at once and answers later; LOST answers well and does nothing. The others spoil the answer of
 * a call that took effect: UNREADABLE breaks off, OMIT_FILLED says nothing of what filled, ERROR_DOCUMENT has status 200
 * and tells of an error, OTHER_SHAPE is JSON of another form, and HALF leaves out the second half of a list, `counted`
 * with the length of the whole or as if the half were all.
 */
export type CallEffect =
  | { readonly kind: 'TIMEOUT' | 'RESET'; readonly when: 'BEFORE' | 'AFTER' }
  | { readonly kind: 'ERROR'; readonly when: 'BEFORE' | 'AFTER'; readonly status: number; readonly retryAfterSeconds: number | null }
  | { readonly kind: 'BAN'; readonly seconds: number }
  | { readonly kind: 'LATE'; readonly milliseconds: number }
  | { readonly kind: 'UNREADABLE' }
  | DocumentEffect;

/** What becomes of one answer. */
export type AnswerEffect = Exclude<CallEffect, { readonly kind: 'BAN' }>;

/** An answer that comes in time and can be read, and does not say what it should. */
export type DocumentEffect =
  | { readonly kind: 'HALF'; readonly counted: boolean }
  | { readonly kind: 'LOST' | 'OMIT_FILLED' | 'ERROR_DOCUMENT' | 'OTHER_SHAPE' };

/**
 * LAST sends a webhook after the others of its flush, SHUFFLE anywhere among them, DELAY so many flushes later, DELAY_UP_TO
 * by a time from its event on that is drawn anew for each copy of it, OVERTAKEN right after the next one of the same order.
 */
export type WebhookEffect =
  | { readonly kind: 'DUPLICATE' | 'DROP' | 'LAST' | 'SHUFFLE' | 'OVERTAKEN' | 'OMIT_FILLED' }
  | { readonly kind: 'DELAY'; readonly flushes: number }
  | { readonly kind: 'DELAY_UP_TO'; readonly milliseconds: number };

/** `only` narrows a fault to one client order id or one symbol; an empty list of operations or types means all. */
export interface CallFault {
  readonly operations: readonly FaultTarget[];
  readonly only: string | null;
  readonly timing: FaultTiming;
  readonly effect: CallEffect;
}

export interface WebhookFault {
  readonly types: readonly VenueEventType[];
  readonly only: string | null;
  readonly timing: FaultTiming;
  readonly effect: WebhookEffect;
}

export interface FaultPlan {
  readonly seed: number;
  readonly calls: readonly CallFault[];
  readonly webhooks: readonly WebhookFault[];
}

export const NO_FAULTS: FaultPlan = { seed: 0, calls: [], webhooks: [] };

/** A call as faults see it. */
export interface FaultableCall {
  readonly operation: VenueOperation;
  readonly clientOrderId: string | null;
  readonly symbol: string | null;
  readonly isStop: boolean;
}

/** A fault that strikes a webhook; `draw` gives the n-th fraction in [0, 1) that chance has for it. */
export interface StruckWebhook {
  readonly effect: WebhookEffect;
  readonly draw: (n: number) => number;
}

export interface Faults {
  /** The effect of the first fault that strikes this call. */
  ofCall(call: FaultableCall): CallEffect | null;
  /** Every fault that strikes this webhook. */
  ofWebhook(event: VenueEvent): readonly StruckWebhook[];
}

/**
 * Makes the faults of a plan. What chance strikes depends on the seed, on what is struck and how often it came, never on
 * what else happened between.
 */
export function createFaults(plan: FaultPlan): Faults {
  const calls = plan.calls.map((fault, index) => ({ fault, strikes: createTiming(fault.timing, `${plan.seed}/call/${index}`) }));
  const webhooks = plan.webhooks.map((fault, index) => {
    const seed = `${plan.seed}/webhook/${index}`;
    return { fault, seed, strikes: createTiming(fault.timing, seed) };
  });
  const seen = new Map<string, number>();
  return {
    ofCall: (call) => {
      const key = `${call.operation}/${call.clientOrderId ?? ''}`;
      const struck = calls.filter(({ fault, strikes }) =>
        targets(fault.operations, call) && isMeant(fault.only, call) && strikes(key));
      return struck[0]?.fault.effect ?? null;
    },
    ofWebhook: ({ type, order }) => {
      const key = `${type}/${order.clientOrderId}`;
      const count = (seen.get(key) ?? 0) + 1;
      seen.set(key, count);
      return webhooks
        .filter(({ fault, strikes }) =>
          (fault.types.length === 0 || fault.types.includes(type)) && isMeant(fault.only, order) && strikes(key))
        .map(({ fault, seed }) => ({ effect: fault.effect, draw: (n) => fractionOf(`${seed}/${key}/${count}/draw/${n}`) }));
    },
  };
}

function targets(wanted: readonly FaultTarget[], { operation, isStop }: FaultableCall): boolean {
  const isWanted = (target: string): boolean => wanted.some((one) => one === target);
  return wanted.length === 0 || isWanted(operation) || (isStop && isWanted(`${operation}_STOP`));
}

function isMeant(only: string | null, { clientOrderId, symbol }: Pick<FaultableCall, 'clientOrderId' | 'symbol'>): boolean {
  return only === null || only === clientOrderId || only === symbol;
}

/** Counts what comes, by key and in all, and says whether this one is struck. */
function createTiming(timing: FaultTiming, seed: string): (key: string) => boolean {
  let total = 0;
  const counts = new Map<string, number>();
  return (key) => {
    total += 1;
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    switch (timing.kind) {
      case 'EVERY':
        return total % timing.n === 0;
      case 'CHANCE':
        return fractionOf(`${seed}/${key}/${count}`) < timing.ratio;
      case 'LISTED':
        return timing.numbers.includes(total);
      default:
        return unreachable(timing);
    }
  };
}

function fractionOf(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0) / 2 ** 32;
}

function unreachable(timing: never): never {
  throw new Error(`unknown timing ${JSON.stringify(timing)}`);
}
