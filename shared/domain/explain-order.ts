// What becomes of an entry that has asked for room: it waits, is at the venue, or on its way out; and what nobody knows yet (EX-9).
import type { Action } from './action.ts';
import { toPlain } from './decimal.ts';
import { distanceOf } from './distance.ts';
import { explainProtection } from './explain-room.ts';
import { instantOf, percentOf, quoteFault, quoteOf, spanOf } from './explain-words.ts';
import type { Known, Reason } from './explain-words.ts';
import { seconds } from './instant.ts';
import { priceOf, unreachable } from './room.ts';
import type { CancelReason, Entry, Order, Slot } from './slot.ts';
import { stealCandidates } from './steal-candidates.ts';

/** Actions of the account that have not ended, and for how long the venue may be quiet about an order it has, seconds. */
export interface Outbox {
  readonly actions: readonly Action[];
  readonly quietSeconds: number;
}

const CANCELLED_FOR: Readonly<Record<CancelReason, string>> = {
  EXPIRED: 'its watch has expired',
  WITHDRAWN: 'its plan was withdrawn',
  HALTED: 'the kill switch is HALTED',
  REPLACED: 'a newer plan replaces it',
  EXITING: 'its position is being left',
  AUTO_EXIT: 'the time of the auto-exit has come',
  LATE_ARRIVAL: 'it turned up at the venue after it was given up',
  STALE: 'it did not fill in time',
  NEXT_PART: 'the next part of its entry is due',
};

const termsOf = (order: Order): string => {
  const filled = order.filledQuantity.isZero() ? '' : `, ${toPlain(order.filledQuantity)} filled`;
  return `${order.side} ${toPlain(order.quantity)} at ${toPlain(priceOf(order))}${filled}`;
};

const placing = (order: Order, { actions }: Outbox, { context }: Known): string => {
  const action = actions.find(({ clientOrderId, intent }) => clientOrderId === order.clientOrderId && intent.kind === 'PLACE');
  const since = spanOf(context.now - order.createdAt);
  if (action?.state === 'PLANNED') return `it has its room; its order (${termsOf(order)}) was planned ${since} ago and is not sent yet`;
  return `it has its room; its order (${termsOf(order)}) was sent, and the venue has not confirmed it`;
};

const working = (slot: Slot, order: Order, known: Known): readonly Reason[] => {
  const quote = quoteOf(slot.symbol, known);
  const away = distanceOf(priceOf(order), quote, known.context.now, known.context.settings);
  const where = away === null ? (quoteFault(quote, known) ?? 'it has no limit') : `the price ${toPlain(quote?.price ?? priceOf(order))} is ${percentOf(away)} away`;
  const rests: Reason = { about: 'ENTRY', code: 'WORKING', words: `its order (${termsOf(order)}) rests at the venue for ${spanOf(known.context.now - order.createdAt)}: ${where}` };
  const candidate = stealCandidates(known.snapshot).find(({ clientOrderId }) => clientOrderId === order.clientOrderId);
  if (candidate === undefined) return [rests];
  const found = explainProtection('', candidate, known);
  const stolen: Reason = found === null
    ? { about: 'STEAL', code: 'CANDIDATE', words: 'its room may be taken by a nearer entry of another symbol' }
    : { about: 'STEAL', code: found.code, words: `its room cannot be taken: ${found.words}` };
  return [rests, stolen];
};

const waiting = ({ steal, needed, hold }: Extract<Entry, { status: 'WAITING' }>, { context }: Known): string =>
  `it waits for the room of ${steal.victim.symbol}, whose cancel is not confirmed for ${spanOf(context.now - steal.decidedAt)}; it needs ${toPlain(needed)} and holds ${toPlain(hold)} of it`;

const entryReason = (code: string, words: string): readonly Reason[] => [{ about: 'ENTRY', code, words }];

/** Says where an entry that is under way stands (WS-8, EX-2); nothing of one that is not. */
export const explainUnderWay = (slot: Slot, outbox: Outbox, known: Known): readonly Reason[] => {
  const { entry } = slot;
  switch (entry.status) {
    case 'NONE':
      return [];
    case 'WAITING':
      return entryReason('WAITING', waiting(entry, known));
    case 'PLACING':
      return entryReason('PLACING', placing(entry.order, outbox, known));
    case 'WORKING':
      return working(slot, entry.order, known);
    case 'YIELDING':
      return entryReason('YIELDING', `its order (${termsOf(entry.order)}) is being cancelled: ${entry.thief.symbol} takes its room`);
    case 'CANCELLING':
      return entryReason('CANCELLING', `its order (${termsOf(entry.order)}) is being cancelled: ${CANCELLED_FOR[entry.reason]}`);
    default:
      return unreachable(entry);
  }
};

const WORK = { PLACE: 'placing', CANCEL: 'cancelling', AMEND: 'changing' } as const;

const unknownAction = ({ clientOrderId, intent, sentAt, purpose }: Action, { quietSeconds }: Outbox, { context }: Known): Reason => {
  const sent = sentAt ?? context.now;
  const words = `nobody knows yet what ${WORK[intent.kind]} the ${purpose.toLowerCase()} ${clientOrderId} came to, sent ${spanOf(context.now - sent)} ago: the venue is asked for it until it is known`;
  const absent = intent.kind === 'PLACE' ? `, and that it has none is believed from ${instantOf(sent + seconds(quietSeconds))} on` : '';
  return { about: 'ORDER', code: 'UNKNOWN', words: `${words}${absent}` };
};

/** Says which calls to the venue are without an answer, and until when they are looked up (EX-9). */
export const explainUnknown = ({ symbol, slot }: Slot, outbox: Outbox, known: Known): readonly Reason[] =>
  outbox.actions
    .filter(({ ref, state }) => ref.symbol === symbol && ref.slot === slot && state === 'SENT')
    .map((action) => unknownAction(action, outbox, known));
