// What an order comes to, told once: when the venue has it, and when it ends (EX-12).
import type { Note } from './decision.ts';
import { note } from './draft.ts';
import { isFinal } from './order-lifecycle.ts';
import { isAcknowledged } from './order-progress.ts';
import type { Reported } from './reported.ts';
import type { Order } from './slot.ts';

const RATIO_PLACES = 9;

/** Tells whether the venue has or had an order: one that was never sent, refused or found absent it never had. */
const isPlaced = ({ status, exchangeOrderId, filledQuantity }: Order): boolean =>
  isAcknowledged(status) || filledQuantity.greaterThan(0) || (status !== 'REJECTED' && exchangeOrderId !== null);

const endName = ({ status }: Order): 'ORDER_FILLED' | 'ORDER_CANCELLED' | 'ORDER_REJECTED' => {
  if (status === 'FILLED') return 'ORDER_FILLED';
  return status === 'REJECTED' ? 'ORDER_REJECTED' : 'ORDER_CANCELLED';
};

const fillRate = ({ filledQuantity, quantity }: Order): number => filledQuantity.dividedBy(quantity).toDecimalPlaces(RATIO_PLACES).toNumber();

const orderNote = (name: string, symbol: string, order: Order, rate: number | null): Note => {
  const { clientOrderId, purpose, status } = order;
  return note(name, `${symbol}: ${purpose.toLowerCase()} ${clientOrderId} is ${status.toLowerCase()}`, { symbol, clientOrderId, purpose, status, fillRate: rate }, 'DEBUG');
};

/** Tells of an order's placement and of its end, each once: what the venue repeats is no news. */
export const orderNotes = ({ slot: { symbol }, before, after }: Pick<Reported, 'slot' | 'before' | 'after'>): readonly Note[] => {
  const placed = !isPlaced(before) && isPlaced(after) ? [orderNote('ORDER_PLACED', symbol, after, null)] : [];
  const isEnd = !isFinal(before.status) && isFinal(after.status);
  const counts = isEnd && (after.status === 'REJECTED' || isPlaced(after));
  // Of an order that was refused nothing could fill: it says nothing of how well orders fill.
  const rate = after.status === 'REJECTED' ? null : fillRate(after);
  return [...placed, ...(counts ? [orderNote(endName(after), symbol, after, rate)] : [])];
};
