// What a report means for a slice of a reduction (EX-1): what it sold is gone, what it did not the stop covers again at once.
import type { Context } from './context.ts';
import type { Note } from './decision.ts';
import type { Draft } from './draft.ts';
import { EMPTY_DRAFT, note } from './draft.ts';
import { close, goOn } from './leave.ts';
import { isFinal } from './order-lifecycle.ts';
import type { Held } from './position-moves.ts';
import { isHeld, takeFills } from './position-moves.ts';
import type { Protected } from './protect.ts';
import { withProtection } from './protect.ts';
import { besideSlice, mayReduce, waiting, withSold } from './reduction.ts';
import { draftOfSale } from './report-exit.ts';
import type { Reported } from './reported.ts';
import type { Order, Reduction, Slot } from './slot.ts';

/** Where a reduction stands once a slice of it has ended; null where it is not wanted any more. */
const afterSlice = (reduction: Reduction, position: Held, slice: Order, context: Context): Reduction | null => {
  if (reduction.wanted.quantity.isZero()) return null;
  const failures = slice.filledQuantity.isZero() ? reduction.failures + 1 : 0;
  const counted: Reduction = { ...reduction, failures };
  const isOver = reduction.sold.greaterThanOrEqualTo(reduction.total) || !mayReduce(position, counted, context);
  if (isOver) return { ...counted, step: { status: 'DONE' } };
  // What the venue refused is tried again at the next event, and not only when the next slice is due.
  return waiting(slice.status === 'REJECTED' ? { ...counted, begun: Math.max(0, counted.begun - 1) } : counted, context.now);
};

const endNotes = (slot: Slot, reduction: Reduction | null, slice: Order): readonly Note[] => {
  if (reduction?.step.status !== 'DONE') return [];
  const isWhole = reduction.sold.greaterThanOrEqualTo(reduction.total);
  const fields = { symbol: slot.symbol, clientOrderId: slice.clientOrderId, sold: reduction.sold.toFixed(), total: reduction.total.toFixed(), failures: reduction.failures };
  const message = isWhole ? `reduced by ${fields.sold}` : `its reduction rests at ${fields.sold} of ${fields.total}: ${reduction.failures} slices in a row sold nothing`;
  return [note(isWhole ? 'REDUCED' : 'REDUCTION_RESTS', `${slot.symbol}: ${message}`, fields, isWhole ? 'INFO' : 'ERROR')];
};

/** Goes on where nothing is left beside the slice: the position ends once all of its orders have. */
const settled = (slot: Slot, position: Held, reported: Reported): Protected => {
  if (position.status === 'LEAVING') return goOn(slot, position, position.reason, reported);
  if (besideSlice(position).isZero()) return close(slot, position, 'REDUCED', reported.context);
  return withProtection(slot, reported.context);
};

const onFinal = (slot: Slot, position: Held, reduction: Reduction, reported: Reported): Protected => {
  const { after, context } = reported;
  const next = afterSlice(reduction, position, after, context);
  const ended: Held = { ...position, reduction: next };
  const done = settled({ ...slot, position: ended }, ended, reported);
  return { ...done, notes: [...endNotes(slot, next, after), ...done.notes] };
};

const onLive = (slot: Slot, position: Held, reduction: Reduction, { after, context }: Reported): Protected => {
  const selling: Held = { ...position, reduction: { ...reduction, step: { status: 'SELLING', order: after } } };
  return withProtection({ ...slot, position: selling }, context);
};

/** Judges a report on a slice (EX-1, SL-6): counted once, the stop follows what is held and not out with the slice. */
export const reportOnSlice = (reported: Reported): Draft => {
  const { slot, before, after, parts } = reported;
  const sold = takeFills(slot, parts);
  const { position } = sold;
  if ((before === after && parts.length === 0) || !isHeld(position) || position.reduction === null) return EMPTY_DRAFT;
  const reduction = withSold(position.reduction, parts);
  const next = isFinal(after.status) ? onFinal(sold, position, reduction, reported) : onLive(sold, position, reduction, reported);
  return draftOfSale(reported, next);
};
