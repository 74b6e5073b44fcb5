// Finds claims that nothing would ever end (SL-11, SL-13): each is asked again in the commit that heals it.
import type { Action } from './action.ts';
import type { Event } from './event.ts';
import type { Millis } from './instant.ts';
import { refOf } from './new-order.ts';
import { yieldsTo } from './reconcile-healing.ts';
import type { Slot } from './slot.ts';
import { slotKey } from './decision.ts';

/** An entry planned and never sent, beyond the time it may wait (EX-9): whoever was to send it was never rung. */
const isExpired = ({ purpose, intent, state, validUntil }: Action, now: Millis): boolean =>
  purpose === 'ENTRY' && intent.kind === 'PLACE' && state === 'PLANNED' && validUntil !== null && now > validUntil;

/** Claims whose placement has expired unsent, as the events that give their room back. */
export const expiredClaims = (actions: readonly Action[], now: Millis): readonly Extract<Event, { type: 'ACTION_STOPPED' }>[] =>
  actions
    .filter((action) => isExpired(action, now))
    .map(({ id, clientOrderId }) => ({ type: 'ACTION_STOPPED', actionId: id, clientOrderId, reason: 'ACTION_EXPIRED' }));

/** Room held for steals whose victim yields no more (WS-8), as the events that give it back. */
export const orphanedClaims = (slots: readonly Slot[]): readonly Extract<Event, { type: 'CLAIM_ORPHANED' }>[] => {
  const byKey = new Map(slots.map((slot) => [slotKey(slot), slot]));
  return slots.flatMap((slot) => {
    const { entry } = slot;
    if (entry.status !== 'WAITING' || yieldsTo(byKey.get(slotKey(entry.steal.victim)), entry)) return [];
    return [{ type: 'CLAIM_ORPHANED', ref: refOf(slot) } as const];
  });
};
