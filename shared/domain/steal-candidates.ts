// Which live orders a thief may look at, as WS-3 and WS-4 see them.
import type { CandidateOrder } from './candidates.ts';
import type { Snapshot } from './decision.ts';
import { isAcknowledged } from './order-progress.ts';
import type { LastStolen } from './protection.ts';
import { priceOf } from './room.ts';
import type { Entry, Slot } from './slot.ts';
import { orderOf } from './slot-orders.ts';

const isResting = (entry: Entry): boolean => entry.status === 'WORKING' && entry.amendment === null;

const isLeaving = (entry: Entry): boolean => entry.status === 'YIELDING' || entry.status === 'CANCELLING';

/** The cooldown that ends last among the slots of a symbol: it belongs to the symbol (WS-3). */
const lastStolenOf = (symbol: string, snapshot: Snapshot): LastStolen | null =>
  [...snapshot.slots.values()]
    .filter((slot) => slot.symbol === symbol)
    .map((slot) => slot.lastStolen)
    .reduce((latest, each) => (each !== null && (latest === null || endOf(each) > endOf(latest)) ? each : latest), null);

const endOf = (stolen: LastStolen): number => stolen.at + stolen.cooldownSeconds * 1000;

const candidateOf = (slot: Slot, snapshot: Snapshot): readonly CandidateOrder[] => {
  const { entry, watch, symbol } = slot;
  const order = orderOf(entry);
  if (order === null || watch === null) return [];
  return [
    {
      clientOrderId: order.clientOrderId,
      symbol,
      assetClass: slot.assetClass,
      side: order.side,
      intent: 'entry',
      mode: watch.mode,
      group: watch.group,
      acknowledged: isAcknowledged(order.status) && (isResting(entry) || isLeaving(entry)),
      yielding: isLeaving(entry),
      limit: priceOf(order),
      quote: snapshot.board.quotes[symbol] ?? null,
      lastStolen: lastStolenOf(symbol, snapshot),
      forecastPnl: watch.forecastPnl,
      createdAt: order.createdAt,
      quantity: order.quantity,
      filledQuantity: order.filledQuantity,
    },
  ];
};

/** Lists the live entry orders of a book for a thief to choose from (WS-3, WS-4). */
export const stealCandidates = (snapshot: Snapshot): readonly CandidateOrder[] =>
  [...snapshot.slots.values()].flatMap((slot) => candidateOf(slot, snapshot));
