// Begins a slice that is due (EX-1): the stop gives its units up first, and only then it is sold (SL-6).
import { min } from './decimal.ts';
import type { Decimal } from './decimal.ts';
import type { Note } from './decision.ts';
import { note } from './draft.ts';
import { closingSide, isStopReached } from './exit-due.ts';
import { leave, mayLeave } from './leave.ts';
import type { Seen } from './leave.ts';
import { isMarketOpen } from './market-time.ts';
import type { Held } from './position-moves.ts';
import { tradableQuantity } from './position-moves.ts';
import type { Protected } from './protect.ts';
import { asItIs, mayReplace, withProtection } from './protect.ts';
import type { Quote } from './quote.ts';
import { isUsableQuote } from './quote.ts';
import { coverWithout, dueSlice, mayReduce, waiting } from './reduction.ts';
import type { DueSlice } from './reduction.ts';
import type { Reduction, Slot } from './slot.ts';
import { isResting } from './slice-order.ts';
import { takerLimit } from './taker-limit.ts';

interface Begun {
  readonly slot: Slot;
  readonly position: Held;
  readonly reduction: Reduction;
  readonly seen: Seen;
}

const quoteOf = ({ slot, seen }: Begun): Quote | null => seen.snapshot.board.quotes[slot.symbol] ?? null;

/** Nothing is sold by slices at a price that ends the whole position, nor where what protects the rest could not follow. */
const isQuiet = (begun: Begun): boolean => {
  const { position, seen } = begun;
  const { stop } = position;
  const quote = quoteOf(begun);
  if (!isUsableQuote(quote, seen.context.now, seen.context.settings) || isStopReached(position, quote, seen.context)) return false;
  return stop.status === 'WATCHED' || (stop.status === 'PLACED' && isResting(stop) && mayReplace(position, seen.context));
};

const isDue = (begun: Begun): boolean => {
  const { reduction, position, seen } = begun;
  const { step } = reduction;
  if (step.status !== 'WAITING' || step.nextAt > seen.context.now) return false;
  return isMarketOpen(position.rules.hours, seen.context) && isQuiet(begun);
};

const withReduction = ({ slot, position }: Begun, reduction: Reduction): Slot => ({ ...slot, position: { ...position, reduction } });

const restNote = ({ slot, reduction }: Begun, why: string): Note => {
  const fields = { symbol: slot.symbol, sold: reduction.sold.toFixed(), total: reduction.total.toFixed(), reason: why };
  return note('REDUCTION_RESTS', `${slot.symbol}: its reduction rests at ${fields.sold} of ${fields.total} (${why})`, fields, 'WARN');
};

const resting = (begun: Begun, why: string): Protected => ({
  slot: withReduction(begun, { ...begun.reduction, step: { status: 'DONE' } }),
  changes: [],
  notes: [restNote(begun, why)],
});

/** What cannot be sold by itself waits for the next slice, and there is none after the last. */
const skipped = (begun: Begun, { place, isLast }: DueSlice): Protected => {
  const { reduction, seen } = begun;
  if (isLast) return resting(begun, 'BELOW_MIN');
  return asItIs(withReduction(begun, waiting({ ...reduction, begun: place + 1 }, seen.context.now)));
};

/** The last slice of all there is, or of all but what no stop could protect, is the position's end (SL-4, SL-6). */
const whole = (begun: Begun): Protected => {
  const { slot, position, seen } = begun;
  return mayLeave(position, 'REDUCED', seen.context) ? leave(slot, position, 'REDUCED', seen) : resting(begun, 'SALE_FAILED');
};

const shrunk = (begun: Begun, due: DueSlice, quantity: Decimal): Protected => {
  const { position, reduction, seen } = begun;
  const taker = { side: closingSide(position.side), quantity, market: position.rules.market };
  const limit = takerLimit(taker, quoteOf(begun), seen.context);
  if (limit === null) return skipped(begun, due);
  const next: Reduction = { ...reduction, begun: due.place + 1, step: { status: 'SHRINKING', quantity, limit } };
  return withProtection(withReduction(begun, next), seen.context);
};

const begin = (begun: Begun): Protected => {
  const { position, reduction, seen } = begun;
  const due = dueSlice(reduction, position.rules.market, seen.context.now);
  const quantity = min(due.quantity, tradableQuantity(position));
  if (quantity.isZero()) return skipped(begun, due);
  return coverWithout(position, quantity).kind === 'ORDER' ? shrunk(begun, due, quantity) : whole(begun);
};

/** A stop that cannot be made smaller after all: the slice waits for its next turn, and that counts as one that sold nothing. */
const givenUp = ({ slot, position, reduction, seen }: Begun): Protected => {
  const counted = { ...reduction, failures: reduction.failures + 1 };
  const begun: Begun = { slot, position, reduction: counted, seen };
  if (!mayReduce(position, counted, seen.context)) return resting(begun, 'STOP_NOT_MOVED');
  return asItIs(withReduction(begun, waiting(counted, seen.context.now)));
};

const isStuck = ({ position, reduction }: Begun): boolean =>
  reduction.step.status === 'SHRINKING' && position.stop.status === 'PLACED' && isResting(position.stop);

/** Sees to the reduction of an open position whose stop needs nothing (EX-1); null where nothing of it is due. */
export const reduceInSlices = (slot: Slot, position: Held, seen: Seen): Protected | null => {
  const { reduction } = position;
  if (reduction === null) return null;
  const begun: Begun = { slot, position, reduction, seen };
  if (isStuck(begun)) return givenUp(begun);
  return isDue(begun) ? begin(begun) : null;
};
