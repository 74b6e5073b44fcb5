// Compares what we hold with what the venue says it holds for us (SL-11, EX-7), and says which difference may be believed.
import type { Action } from './action.ts';
import { Decimal, ZERO, sum } from './decimal.ts';
import type { Millis } from './instant.ts';
import { comparePositions } from './position-sync.ts';
import type { HeldPosition, PositionDifference } from './position-sync.ts';
import { isYoung } from './reconcile-state.ts';
import { heldQuantity } from './room.ts';
import type { Position, Slot } from './slot.ts';
import { ordersIn, sliceOf } from './slot-orders.ts';

/** Units of a position that our own orders explain, negative when short. */
export const explainedQuantity = (position: Position): Decimal => {
  if (position.status === 'FLAT' || position.status === 'FOREIGN') return ZERO;
  const held = heldQuantity(position.lots);
  return position.side === 'buy' ? held : held.negated();
};

/** Units of a position that nobody's order explains, negative when short. */
export const foreignQuantity = (position: Position): Decimal => {
  if (position.status !== 'FOREIGN') return ZERO;
  return position.side === 'buy' ? position.quantity : position.quantity.negated();
};

const ofSymbol = (slots: readonly Slot[], symbol: string): readonly Slot[] => slots.filter((slot) => slot.symbol === symbol);

/** Units of a slot that our orders explain: what it holds, and what closed positions have left behind (EX-7). */
export const explainedIn = ({ position, dust }: Slot): Decimal => explainedQuantity(position).plus(dust);

/** Units of a symbol that our orders explain, over all its slots. */
export const explainedOf = (slots: readonly Slot[], symbol: string): Decimal => sum(ofSymbol(slots, symbol).map(explainedIn));

const held = (slots: readonly Slot[]): readonly HeldPosition[] =>
  slots.map((slot) => ({ symbol: slot.symbol, quantity: explainedIn(slot).plus(foreignQuantity(slot.position)) }));

/** Differences above one lot between all that the slots hold, foreign or ours, and the venue; none where it could not be read. */
export const mismatches = (
  slots: readonly Slot[],
  exchange: readonly HeldPosition[] | null,
  lots: ReadonlyMap<string, Decimal>,
): readonly PositionDifference[] => comparePositions({ local: held(slots), exchange, lots }).differences.filter((found) => found.reconcile);

/** Names a difference by what it says: another difference is another finding, to be seen twice by itself. */
export const mismatchKey = ({ symbol, exchange, difference }: PositionDifference): string =>
  `POSITION ${symbol} ${exchange.toFixed()} ${difference.toFixed()}`;

const isMoving = ({ entry, position }: Slot): boolean =>
  entry.status === 'PLACING' ||
  entry.status === 'YIELDING' ||
  entry.status === 'CANCELLING' ||
  sliceOf(position) !== null ||
  position.status === 'LEAVING' ||
  position.status === 'EXITING';

/** Tells whether a symbol is in motion, so that what is held of it cannot be compared: an order of it may be filling unheard. */
export const isInMotion = (slots: readonly Slot[], symbol: string): boolean => ofSymbol(slots, symbol).some(isMoving);

/** Tells whether nothing of a symbol is under way or new: what the venue holds of it then is what it will hold. */
export const isQuiet = (slots: readonly Slot[], actions: readonly Action[], symbol: string, now: Millis): boolean =>
  !isInMotion(slots, symbol) &&
  actions.every((action) => action.ref.symbol !== symbol) &&
  ofSymbol(slots, symbol).every((slot) => ordersIn(slot).every(({ order }) => !isYoung(order.createdAt, now)));

const OURS = 'OURS';

/** Remembers that an order of ours without a record had filled: a position of that size is explained by it (SL-11). */
export const oursKey = (symbol: string, filled: Decimal, clientOrderId: string): string =>
  [OURS, symbol, filled.toFixed(), clientOrderId].join(' ');

/** Tells whether a memory is of what an order of ours without a record had filled. */
export const isOurs = (key: string): boolean => key.startsWith(`${OURS} `);

/** Tells whether orders of ours without a record explain a foreign position of a symbol. */
export const isExplained = (keys: readonly string[], symbol: string, quantity: Decimal): boolean => {
  const filled = keys.map((key) => key.split(' ')).filter(([kind, of]) => kind === OURS && of === symbol);
  return filled.length > 0 && quantity.lessThanOrEqualTo(sum(filled.map(([, , size]) => new Decimal(size ?? 0))));
};

/** Tells whether such a memory is of no more use: the symbol's positions agree, or what differs has been adopted. */
export const isSettled = (key: string, apart: ReadonlySet<string>): boolean => {
  const [kind, symbol = ''] = key.split(' ');
  return kind === OURS && !apart.has(symbol);
};
