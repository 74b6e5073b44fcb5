// The venue's markets under both spellings, read once and kept: a class of ccxt needs them before anything else.
import { type Decimal, ZERO } from '../../domain/decimal.ts';
import type { MarketRules } from '../../domain/constraints.ts';
import { isSymbol } from '../../domain/symbols.ts';
import { VenueReadError } from '../../errors.ts';
import type { Market } from '../../ports.ts';
import type { Ask, Dialect } from './dialect.ts';
import { readAs } from './reader.ts';
import { type UnifiedMarket, unifiedMarkets } from './unified.ts';

export interface MarketDirectory {
  /** Reads the markets unless they have been. @throws VenueReadError */
  load(): Promise<void>;
  /** Reads the markets again. @throws VenueReadError */
  reload(): Promise<readonly Market[]>;
  /** The spelling of ccxt; null for a symbol that is not traded here. */
  toCcxt(symbol: string): string | null;
  /** The smallest step of a price; zero for a symbol that is not traded here. */
  tickOf(symbol: string): Decimal;
  /** The venue's own name of a market; null for a symbol that is not traded here. */
  idOf(symbol: string): string | null;
  /** Symbols, in ccxt's spelling, of which anything was asked or ordered here. */
  asked(): readonly string[];
  /** Our spelling of ccxt's or of the venue's own id; null for a market that is not traded here. */
  fromCcxt(symbol: string): string | null;
  /** Our symbol of a coin against the account's currency; null where there is no such market. */
  symbolOfBase(base: string): string | null;
}

/** Keeps the markets that a dialect trades, under our symbols (EW-4). */
export function createMarketDirectory(dialect: Dialect, ask: Ask): MarketDirectory {
  const ours = new Map<string, UnifiedMarket>();
  const theirs = new Map<string, string>();
  const asked = new Set<string>();
  const read = async (): Promise<void> => {
    // Without being told to reload, ccxt hands out the failure of its first try for ever.
    const markets = readAs('loadMarkets', unifiedMarkets, await ask('loadMarkets', true));
    const traded = Object.values(markets).filter((market) => dialect.trades(market) && isSymbol(symbolOf(market)));
    if (traded.length === 0) throw new VenueReadError('loadMarkets: no market of the wanted kind');
    ours.clear();
    theirs.clear();
    for (const market of traded) {
      ours.set(symbolOf(market), market);
      theirs.set(market.symbol, symbolOf(market));
      theirs.set(market.id, symbolOf(market));
    }
  };
  return {
    load: async () => (ours.size === 0 ? read() : undefined),
    reload: async () => {
      await read();
      return [...ours.values()].flatMap(marketOf);
    },
    toCcxt: (symbol) => {
      const market = ours.get(symbol);
      if (market !== undefined) asked.add(market.symbol);
      return market?.symbol ?? null;
    },
    tickOf: (symbol) => ours.get(symbol)?.precision.price ?? ZERO,
    idOf: (symbol) => ours.get(symbol)?.id ?? null,
    asked: () => [...asked],
    fromCcxt: (symbol) => theirs.get(symbol) ?? null,
    symbolOfBase: (base) => (ours.has(`${base}/${dialect.quoteCurrency}`) ? `${base}/${dialect.quoteCurrency}` : null),
  };
}

function symbolOf({ base, quote }: UnifiedMarket): string {
  return `${base}/${quote}`;
}

/** The venue's rules in our words (EX-10); a market without steps or that rests is not listed. */
function marketOf(market: UnifiedMarket): readonly Market[] {
  const { precision, limits } = market;
  if (precision.price === null || precision.amount === null || market.active === false) return [];
  const rules = {
    tickSize: precision.price,
    lotSize: precision.amount,
    minQuantity: limits.amount.min ?? precision.amount,
    minNotional: limits.cost.min ?? ZERO,
    priceBand: bandOf(limits.price),
  };
  return [{ symbol: symbolOf(market), assetClass: 'crypto', rules }];
}

/** A bound of zero is none. */
function bandOf({ min, max }: UnifiedMarket['limits']['price']): MarketRules['priceBand'] {
  const [low, high] = [min, max].map((bound) => (bound === null || bound.isZero() ? null : bound));
  return low === null && high === null ? null : { low: low ?? null, high: high ?? null };
}
