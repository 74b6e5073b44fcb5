// The account's trades out of its activities, page by page and oldest first (SL-11).
import { MILLIS_PER_SECOND } from '../../domain/instant.ts';
import type { Side } from '../../domain/side.ts';
import { VenueReadError } from '../../errors.ts';
import type { AccountTrade, TradePage } from '../../ports.ts';
import { isStock } from './order-terms.ts';
import { tradeOf } from './order-reports.ts';
import type { OrderReads } from './order-reads.ts';
import type { AlpacaReader } from './reader.ts';
import { type WireFill, wireFills } from './wire.ts';

interface Parts {
  readonly read: AlpacaReader;
  readonly orders: OrderReads;
  readonly now: () => number;
  /** Trades on one page, 1 to 99: the broker gives a hundred, and one more tells whether there is another page. */
  readonly pageSize: number;
  /** How far back an account is read that has not been read before, seconds. */
  readonly historySeconds: number;
}

/** Reads one page of trades; the cursor is the broker's own, the id of the last activity. @throws VenueReadError */
export async function readTradePage({ read, orders, now, pageSize, historySeconds }: Parts, cursor: string | null): Promise<TradePage> {
  const from = cursor === null ? { after: new Date(now() - historySeconds * MILLIS_PER_SECOND) } : { pageToken: cursor };
  const listed = await read.get('account fills', wireFills, ({ activities }) =>
    activities.getAccountActivitiesRaw({ activityTypes: ['FILL'], direction: 'asc', pageSize: pageSize + 1, ...from }));
  const page = listed.slice(0, pageSize);
  const stocks = page.filter(({ symbol }) => isStock(symbol));
  const names = await orders.ourIds(stocks.map(({ order_id }) => order_id));
  const trades = stocks.map((fill): AccountTrade => ({
    ...tradeOf(fill),
    clientOrderId: names.get(fill.order_id) ?? null,
    symbol: fill.symbol,
    side: sideOf(fill),
  }));
  return { trades, cursor: page.at(-1)?.id ?? cursor, more: listed.length > page.length };
}

/** A short sale has a word of its own there. */
function sideOf({ id, side }: WireFill): Side {
  if (side === 'buy') return 'buy';
  if (side === 'sell' || side === 'sell_short') return 'sell';
  throw new VenueReadError(`fill ${id} has side ${side}`);
}
