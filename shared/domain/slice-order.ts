// The order of a slice (EX-1): planned in the very commit that knows its units free of any stop, and not before (SL-6).
import { closingSide } from './exit-due.ts';
import type { Context } from './context.ts';
import type { Change, Note } from './decision.ts';
import { note } from './draft.ts';
import { planOrder } from './new-order.ts';
import { isAcknowledged } from './order-progress.ts';
import type { Held } from './position-moves.ts';
import { coverFor } from './reduction.ts';
import { remainingQuantity } from './room.ts';
import type { Reduction, Slot, Stop } from './slot.ts';

interface Sliced {
  readonly slot: Slot;
  readonly changes: readonly Change[];
  readonly notes: readonly Note[];
}

type Shrinking = Extract<Reduction['step'], { status: 'SHRINKING' }>;
type Placed = Extract<Stop, { status: 'PLACED' }>;

/** Tells whether nothing of a stop is under way, so that what we know of it is what the venue has. */
export const isResting = ({ amendment, former, order }: Placed): boolean =>
  amendment === null && former === null && isAcknowledged(order.status);

/** Tells whether the venue has confirmed a stop that leaves a slice its units; one that we only watch leaves them anyway. */
const isFreed = (position: Held): boolean => {
  const { stop } = position;
  if (stop.status === 'WATCHED') return true;
  if (stop.status !== 'PLACED' || !isResting(stop)) return false;
  const cover = coverFor(position);
  return cover.kind === 'ORDER' && remainingQuantity(stop.order).lessThanOrEqualTo(cover.quantity);
};

const planned = (slot: Slot, position: Held, reduction: Reduction, terms: { step: Shrinking; context: Context }): Sliced => {
  const { step, context } = terms;
  const { order, changes } = planOrder(
    slot,
    {
      purpose: 'EXIT',
      side: closingSide(position.side),
      quantity: step.quantity,
      limit: step.limit,
      stopPrice: null,
      timeInForce: 'IOC',
      shown: null,
      keeps: { mode: position.mode, rules: position.rules },
    },
    context,
  );
  const fields = { symbol: slot.symbol, clientOrderId: order.clientOrderId, quantity: step.quantity.toFixed(), sold: reduction.sold.toFixed(), total: reduction.total.toFixed() };
  return {
    slot: { ...slot, fence: order.fence, position: { ...position, reduction: { ...reduction, step: { status: 'SELLING', order } } } },
    changes,
    notes: [note('SLICE_PLANNED', `${slot.symbol}: a slice of ${fields.quantity} is sold`, fields)],
  };
};

/** Plans a slice whose units the stop has left to it (EX-1, SL-6); null where none waits, or the stop still has them. */
export const freedSlice = (slot: Slot, context: Context): Sliced | null => {
  const { position } = slot;
  if (position.status !== 'OPEN' || position.reduction === null) return null;
  const { step } = position.reduction;
  if (step.status !== 'SHRINKING' || !isFreed(position)) return null;
  return planned(slot, position, position.reduction, { step, context });
};
