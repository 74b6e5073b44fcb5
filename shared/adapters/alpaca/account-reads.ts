// Positions, prices, the list of stocks and equity.
import { Decimal, ZERO } from '../../domain/decimal.ts';
import type { Quote } from '../../domain/quote.ts';
import type { Exchange, Market, VenuePosition } from '../../ports.ts';
import { isStock } from './order-terms.ts';
import type { AlpacaReader } from './reader.ts';
import { type WireAsset, type WirePosition, wireAccount, wireAssets, wireDays, wireLatestTrades, wirePosition, wirePositions } from './wire.ts';

/** Where prices come from: one exchange for everyone, or all of them for who pays for it. */
export type Feed = 'iex' | 'sip';

interface Parts {
  readonly read: AlpacaReader;
  readonly now: () => number;
  readonly feed: Feed;
  /** Whether fractions of a share are traded. */
  readonly fractions: boolean;
}

const SYMBOLS_A_CALL = 200;
const CENT = new Decimal('0.01');
const SHARE = new Decimal(1);
const SMALLEST_FRACTION = new Decimal('0.000000001');
const LEAST_NOTIONAL_OF_FRACTIONS = new Decimal(1);

/** Makes the reads of the account and of prices over a reader. */
export function createAccountReads(parts: Parts): Pick<Exchange, 'positions' | 'findPosition' | 'markets' | 'quotes' | 'equity'> {
  const { read, now } = parts;
  return {
    positions: async () =>
      (await read.get('positions', wirePositions, ({ positions }) => positions.getAllOpenPositionsRaw())).filter(isEquity).map(positionOf),
    findPosition: async (symbol) => {
      const found = await read.find(`position ${symbol}`, wirePosition, ({ positions }) => positions.getOpenPositionRaw({ symbolOrAssetId: symbol }));
      return found === null ? null : positionOf(found);
    },
    markets: async () => {
      const assets = await read.get('assets', wireAssets, ({ assets }) => assets.getV2AssetsRaw({ status: 'active', assetClass: 'us_equity' }));
      return assets.filter(({ tradable, symbol }) => tradable && isStock(symbol)).map((asset) => marketOf(asset, parts.fractions));
    },
    quotes: (symbols) => quotesOf(parts, symbols.filter(isStock)),
    // Equity, marked to market; buying power holds leverage already (WS-2).
    equity: async () => ({ equity: (await read.get('account', wireAccount, ({ account }) => account.getAccountRaw())).equity, at: now() }),
  };
}

function isEquity({ asset_class }: WirePosition): boolean {
  return asset_class === 'us_equity';
}

function positionOf({ symbol, side, qty, avg_entry_price }: WirePosition): VenuePosition {
  const units = qty.abs();
  return { symbol, quantity: side === 'short' ? units.negated() : units, averagePrice: avg_entry_price };
}

/**
 * A stock's rules (EX-10). The tick is a cent: below a dollar a hundredth of one is taken too, of which a cent is a
 * multiple. Fractions go to nine places and from a dollar's worth on, where the stock has them.
 */
function marketOf({ symbol, fractionable }: WireAsset, fractions: boolean): Market {
  const isFractional = fractions && fractionable;
  const lotSize = isFractional ? SMALLEST_FRACTION : SHARE;
  const minNotional = isFractional ? LEAST_NOTIONAL_OF_FRACTIONS : ZERO;
  return { symbol, assetClass: 'stock', rules: { tickSize: CENT, lotSize, minQuantity: lotSize, minNotional, priceBand: null } };
}

async function quotesOf({ read, feed }: Parts, symbols: readonly string[]): ReturnType<Exchange['quotes']> {
  const found: (readonly [string, Quote])[] = [];
  for (let from = 0; from < symbols.length; from += SYMBOLS_A_CALL) {
    const some = symbols.slice(from, from + SYMBOLS_A_CALL).join(',');
    const { trades } = await read.get('latest trades', wireLatestTrades, ({ stocks }) => stocks.stockLatestTradesRaw({ symbols: some, feed }));
    found.push(...Object.entries(trades).map(([symbol, { p, t }]) => [symbol, { price: p, at: t }] as const));
  }
  return Object.fromEntries(found);
}

/** A day on which the exchange opens; times of day in New York. */
export interface TradingDay {
  readonly date: string;
  readonly open: string;
  readonly close: string;
}

/** Reads the broker's calendar from one date to another, both included (MH-1). @throws VenueReadError */
export async function readTradingDays(read: AlpacaReader, from: string, to: string): Promise<readonly TradingDay[]> {
  return read.get('calendar', wireDays, ({ calendar }) => calendar.legacyCalendarRaw({ start: new Date(from), end: new Date(to) }));
}
