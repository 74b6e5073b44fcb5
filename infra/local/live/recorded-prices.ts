// Prices without a network: the shipped bars by the hour, one hour further at each look, as if they were of now.
import { fileURLToPath } from 'node:url';
import type { PublicPrices } from '../../../shared/adapters/ccxt/public-prices.ts';
import { defaultMarkets } from '../../../shared/adapters/paper/paper-markets.ts';
import type { Quote } from '../../../shared/domain/quote.ts';
import type { Market } from '../../../shared/ports.ts';
import { readTextFile } from '../replay/csv.ts';
import { parseBars } from '../replay/market-files.ts';
import type { Bar } from '../replay/market-files.ts';

/** Prices with the markets that they are of. */
export interface RecordedPrices extends PublicPrices {
  readonly exchange: string;
  readonly listed: ReadonlyMap<string, Market>;
}

/** The name that asks for them in an exchange's place. */
export const RECORDED = 'recorded';

const SHIPPED_BARS = fileURLToPath(new URL('../../../data/bars-1h.csv', import.meta.url));

const byHour = (bars: readonly Bar[]): readonly (readonly Bar[])[] => {
  const hours = new Map<number, Bar[]>();
  for (const bar of bars) hours.set(bar.hour, [...(hours.get(bar.hour) ?? []), bar]);
  return [...hours.values()];
};

/** Opens the shipped bars of crypto, which trades at any hour; after the last hour they begin again. */
export const recordedPrices = (): RecordedPrices => {
  const bars = parseBars(readTextFile(SHIPPED_BARS)).filter(({ assetClass }) => assetClass === 'crypto');
  const hours = byHour(bars);
  const markets = defaultMarkets([...new Set(bars.map(({ symbol }) => symbol.replace('/', '')))]);
  const known: Record<string, Bar> = {};
  let looks = 0;
  const quotes = (symbols: readonly string[]): Promise<Readonly<Record<string, Quote>>> => {
    // Not every symbol has a bar of every hour: the last one stands.
    for (const bar of hours[looks % hours.length] ?? []) known[bar.symbol] = bar;
    looks += 1;
    const found = symbols.flatMap((symbol) => (known[symbol] === undefined ? [] : [[symbol, { price: known[symbol].close, at: Date.now() }] as const]));
    return Promise.resolve(Object.fromEntries(found));
  };
  return {
    exchange: 'the shipped bars, an hour further at each look',
    quoteCurrency: 'USD',
    listed: new Map(markets.map((market) => [market.symbol, market])),
    markets: () => Promise.resolve(markets),
    quotes,
  };
};
