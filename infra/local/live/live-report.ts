// What a live run says of itself: a line now and then, and the account at its end.
import { sum, toPlain } from '../../../shared/domain/decimal.ts';
import type { Decimal } from '../../../shared/domain/decimal.ts';
import type { Quote } from '../../../shared/domain/quote.ts';
import type { VenueSnapshot } from '../../../shared/adapters/paper/venue-server.ts';
import { isLive } from '../../../shared/domain/order-lifecycle.ts';
import type { DeadLetters } from '../dead-letters.ts';
import { START_EQUITY } from '../replay/prepare-run.ts';
import { pairFills } from '../report/round-trips.ts';

const PLACES = 2;
const money = (value: Decimal): string => value.toFixed(PLACES);

/** Writes prices, live orders, positions and equity in one line. */
export function statusLine({ orders, positions, equity }: VenueSnapshot, quotes: Readonly<Record<string, Quote>>): string {
  const prices = Object.entries(quotes).map(([symbol, { price }]) => `${symbol} ${toPlain(price)}`);
  const live = orders.filter(({ status }) => isLive(status)).length;
  return `${prices.join(', ')} | ${live} orders live, ${positions.length} positions, equity ${money(equity)}`;
}

/** Writes what the venue and the queues hold at the end. */
export function liveReport(snapshot: VenueSnapshot, deadLetters: readonly DeadLetters[]): readonly string[] {
  const { orders, fills, positions, equity } = snapshot;
  const { roundTrips } = pairFills(fills.map((fill) => ({ ...fill, purpose: fill.side === 'buy' ? 'ENTRY' : 'EXIT' })));
  return [
    '',
    `Orders: ${orders.length} placed, ${orders.filter(({ status }) => isLive(status)).length} still live. Fills: ${fills.length}.`,
    `Round trips: ${roundTrips.length}, profit and loss ${money(sum(roundTrips.map(({ pnl }) => pnl)))}.`,
    ...positions.map((position) => positionLine(position, orders)),
    `Equity: ${money(START_EQUITY)} at the beginning, ${money(equity)} at the end.`,
    ...deadLetters.filter(({ count }) => count > 0).map(({ queue, count }) => `Put aside: ${count} messages in ${queue}.`),
  ];
}

function positionLine({ symbol, quantity, averagePrice }: VenueSnapshot['positions'][number], orders: VenueSnapshot['orders']): string {
  const stop = orders.find((order) => order.symbol === symbol && order.stopPrice !== null && isLive(order.status));
  const cover = stop?.stopPrice === undefined || stop.stopPrice === null ? 'NO STOP' : `stop at ${toPlain(stop.stopPrice)}`;
  return `Open: ${symbol} ${toPlain(quantity)} at ${toPlain(averagePrice)}, ${cover}.`;
}
