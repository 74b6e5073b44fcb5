// How far the relay is behind: the one number that says whether what it tells is what the venue has told.
import type { Millis } from '../../../shared/domain/instant.ts';

/** What lateness is made of; each `since` null where nothing of the kind waits. */
export interface Standing {
  readonly now: Millis;
  /** The oldest order that was heard of and not told yet. */
  readonly orderSince: Millis | null;
  /** The oldest catch-up that is due. */
  readonly catchUpSince: Millis | null;
  /** Since when no updates of orders can come. */
  readonly deafSince: Millis | null;
}

export type LateCause = 'ORDERS_UNTOLD' | 'CATCH_UP_DUE' | 'STREAM_DOWN';

export interface Lateness {
  readonly milliseconds: Millis;
  /** What is the furthest behind; null where nothing waits. */
  readonly cause: LateCause | null;
}

/** Works out how long ago the oldest thing happened that was not told. */
export function latenessOf({ now, orderSince, catchUpSince, deafSince }: Standing): Lateness {
  const waiting = ([['ORDERS_UNTOLD', orderSince], ['CATCH_UP_DUE', catchUpSince], ['STREAM_DOWN', deafSince]] as const)
    .flatMap(([cause, since]) => (since === null ? [] : [{ cause, milliseconds: Math.max(0, now - since) }]))
    .toSorted((a, b) => b.milliseconds - a.milliseconds);
  return waiting[0] ?? { milliseconds: 0, cause: null };
}
