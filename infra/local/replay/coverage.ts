// When what was held at the venue was not covered, told from the venue's own record alone.
import { type Decimal, ZERO, max, sum } from '../../../shared/domain/decimal.ts';
import type { Millis } from '../../../shared/domain/instant.ts';
import { isLive } from '../../../shared/domain/order-lifecycle.ts';
import type { VenueEvent, VenueFill, VenueOrder } from '../../../shared/adapters/paper/venue-model.ts';

/** One thing that became of an order, as far as cover goes. */
export interface CoverEvent extends Pick<VenueEvent, 'at' | 'type'> {
  readonly order: Pick<VenueOrder, 'clientOrderId' | 'symbol' | 'side' | 'reduceOnly' | 'stopPrice' | 'status' | 'quantity' | 'filledQuantity'>;
  readonly fill: Pick<VenueFill, 'side' | 'quantity' | 'fee' | 'feeIn'> | null;
}

/** A time during which so many units of a symbol, at the most, had neither a stop nor an exit at the venue. */
export interface Stretch {
  readonly symbol: string;
  readonly from: Millis;
  readonly to: Millis;
  readonly quantity: Decimal;
}

/** What is left of a live order that takes off a position. */
interface Cover {
  readonly side: VenueOrder['side'];
  readonly left: Decimal;
}

interface State {
  held: Decimal;
  readonly covers: Map<string, Cover>;
  open: Stretch | null;
}

/** Names the stretches without cover that took time, in the order of their ends; one that never ended ends with the run. */
export function uncoveredStretches(history: readonly CoverEvent[], end: Millis): readonly Stretch[] {
  const states = new Map<string, State>();
  const found: Stretch[] = [];
  for (const event of history) {
    const { symbol } = event.order;
    const state = states.get(symbol) ?? { held: ZERO, covers: new Map<string, Cover>(), open: null };
    states.set(symbol, state);
    takeIn(state, event);
    const ended = judge(state, symbol, event.at);
    if (ended !== null) found.push(ended);
  }
  const open = [...states.values()].flatMap((state) => (state.open === null ? [] : [{ ...state.open, to: end }]));
  return [...found, ...open].filter(({ from, to }) => to > from);
}

/** What a fill adds to what is held; a fee that is taken in what was bought adds less. */
export function heldBy({ side, quantity, fee, feeIn }: Pick<VenueFill, 'side' | 'quantity' | 'fee' | 'feeIn'>): Decimal {
  const signed = side === 'buy' ? quantity : quantity.negated();
  return feeIn === 'BASE' ? signed.minus(fee) : signed;
}

function takeIn(state: State, { order, fill }: CoverEvent): void {
  if (fill !== null) state.held = state.held.plus(heldBy(fill));
  if (!order.reduceOnly) return;
  if (isLive(order.status)) state.covers.set(order.clientOrderId, { side: order.side, left: order.quantity.minus(order.filledQuantity) });
  else state.covers.delete(order.clientOrderId);
}

function judge(state: State, symbol: string, at: Millis): Stretch | null {
  const against = state.held.isNegative() ? 'buy' : 'sell';
  const covered = sum([...state.covers.values()].map(({ side, left }) => (side === against ? left : ZERO)));
  const bare = state.held.abs().minus(covered);
  const before = state.open;
  if (!bare.greaterThan(ZERO)) {
    state.open = null;
    return before === null ? null : { ...before, to: at };
  }
  state.open = before === null ? { symbol, from: at, to: at, quantity: bare } : { ...before, quantity: max(before.quantity, bare) };
  return null;
}
