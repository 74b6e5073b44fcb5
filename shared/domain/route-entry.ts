// What a newer watch means for an order that works (EX-3): the router's word on a level of its own.
import type { Context } from './context.ts';
import type { Snapshot } from './decision.ts';
import { isUsableQuote } from './quote.ts';
import { priceOf, remainingQuantity } from './room.ts';
import { routeLevels } from './router.ts';
import type { RouteTerms } from './router.ts';
import type { Order } from './slot.ts';
import type { Watch } from './watch.ts';

/** LEAVE: it stands as wanted; BLOCKED: the wanted price would cross the spread, and what stands is left alone. */
export type EntryRoute = 'LEAVE' | 'AMEND' | 'CANCEL' | 'BLOCKED';

// Prices come without a spread: what was last traded stands for both of its sides.
const spreadOf = (watch: Watch, snapshot: Snapshot, context: Context): RouteTerms['spread'] => {
  const quote = snapshot.board.quotes[watch.symbol] ?? null;
  const price = isUsableQuote(quote, context.now, context.settings) ? quote.price : null;
  return { bid: price, ask: price };
};

// A plain watch keeps its room whatever a newer plan asks of it; what is compared level by level is a grid.
const thresholdOf = ({ level }: Watch, { settings }: Context): number =>
  level === null ? Number.POSITIVE_INFINITY : settings.amendThresholdBps;

/** Routes a working order to the terms of a newer watch (EX-3): a level of a grid by AMEND_THRESHOLD_BPS; `amends` tells whether it could be amended at all. */
export const routeEntry = (
  order: Order,
  watch: Watch,
  amends: boolean,
  { snapshot, context }: { readonly snapshot: Snapshot; readonly context: Context },
): EntryRoute => {
  const { side } = watch;
  const level = watch.slot;
  const quantity = watch.quantity.minus(order.filledQuantity);
  const wanted = { level, side, price: watch.limit, quantity, postOnly: watch.style.kind === 'MAKER' };
  const live = { id: order.clientOrderId, level, side: order.side, price: priceOf(order), remainingQuantity: remainingQuantity(order) };
  const terms = { spread: spreadOf(watch, snapshot, context), amends, amendThresholdBps: thresholdOf(watch, context) };
  const work = routeLevels(quantity.greaterThan(0) ? [wanted] : [], [live], terms);
  if (work.blocked.length > 0) return 'BLOCKED';
  if (work.amend.length > 0) return 'AMEND';
  return work.cancel.length > 0 ? 'CANCEL' : 'LEAVE';
};
