// The markets that the paper venue lists unless it is told otherwise.
import { Decimal } from '../../domain/decimal.ts';
import { normaliseSymbol } from '../../domain/symbols.ts';
import type { AssetClass } from '../../domain/watch.ts';
import type { MarketRules } from '../../domain/constraints.ts';
import type { Market } from '../../ports.ts';

/** Whole cents and nine decimals of a share for stocks, eight decimals of both for crypto; quote currency, units. */
export const DEFAULT_MARKET_RULES: Readonly<Record<AssetClass, MarketRules>> = {
  stock: rules('0.01', '0.000000001'),
  crypto: rules('0.00000001', '0.00000001'),
};

/** Lists symbols once each in their inside form (EW-4): one that ends in USD is crypto, any other a stock. */
export function defaultMarkets(symbols: readonly string[]): readonly Market[] {
  const markets = symbols.map(defaultMarket);
  return [...new Map(markets.map((market) => [market.symbol, market])).values()];
}

function defaultMarket(text: string): Market {
  const assetClass = text.trim().toUpperCase().endsWith('USD') ? 'crypto' : 'stock';
  return { symbol: normaliseSymbol(text, assetClass), assetClass, rules: DEFAULT_MARKET_RULES[assetClass] };
}

function rules(tickSize: string, lotSize: string): MarketRules {
  return {
    tickSize: new Decimal(tickSize),
    lotSize: new Decimal(lotSize),
    minQuantity: new Decimal(lotSize),
    minNotional: new Decimal(1),
    priceBand: null,
  };
}
