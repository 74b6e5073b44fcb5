// The plan of a live run: a person's own, or a small one near the market.
import { z } from 'zod';
import { Decimal, roundDownTo, roundUpTo, toPlain } from '../../../shared/domain/decimal.ts';
import type { Quote } from '../../../shared/domain/quote.ts';
import { normaliseSymbol } from '../../../shared/domain/symbols.ts';
import type { Market } from '../../../shared/ports.ts';
import { readTextFile } from '../replay/csv.ts';
import { InputError } from '../replay/input-error.ts';
import type { LivePrices } from './live-prices.ts';

export interface LivePlan {
  /** What plan-intake is given. */
  readonly plan: unknown;
  readonly markets: readonly Market[];
}

/** Makes the plan. @throws InputError for a file that is none, or a symbol that the exchange does not list */
export async function readLivePlan(file: string | null, prices: LivePrices): Promise<LivePlan> {
  return file === null ? defaultPlan(prices) : planOfFile(file, prices);
}

const symbolsOnly = z.object({ watches: z.array(z.object({ symbol: z.string() })).min(1) });

function planOfFile(file: string, { exchange, listed }: LivePrices): LivePlan {
  const plan = parse(file);
  const read = symbolsOnly.safeParse(plan);
  if (!read.success) throw new InputError(`${file}: expected a plan with watches, each with its symbol`);
  const markets = read.data.watches.map(({ symbol }) => {
    const market = listed.get(normaliseSymbol(symbol, 'crypto'));
    if (market === undefined) throw new InputError(`${file}: ${exchange} does not list ${symbol}`);
    return market;
  });
  return { plan, markets: [...new Set(markets)] };
}

function parse(file: string): unknown {
  const { text } = readTextFile(file);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputError(`${file}: expected JSON`, { cause: error });
  }
}

const LIQUID = ['BTC', 'ETH', 'SOL', 'XRP', 'DOGE', 'ADA', 'LTC', 'LINK'];
const CURRENCIES = ['USDT', 'USD', 'USDC', 'EUR'];
const MOST_WATCHES = 5;
const NOTIONAL = new Decimal(1000);
/** How far each limit is below the market: the first is nearest. */
const NEAREST = new Decimal('0.0005');
const TAKE_PROFIT = new Decimal('1.005');
const STOP = new Decimal('0.98');

async function defaultPlan(prices: LivePrices): Promise<LivePlan> {
  const { listed, quoteCurrency, exchange } = prices;
  const currency = [quoteCurrency, ...CURRENCIES].find((quote) => listed.has(`BTC/${quote}`)) ?? quoteCurrency;
  const markets = LIQUID.flatMap((base) => listed.get(`${base}/${currency}`) ?? []).slice(0, MOST_WATCHES);
  const quotes = markets.length === 0 ? {} : await prices.quotes(markets.map(({ symbol }) => symbol));
  const watches = markets.flatMap((market, index) => watchOf(market, quotes[market.symbol], index));
  if (watches.length === 0) throw new InputError(`--plan: ${exchange} has none of ${LIQUID.join(', ')}: give a plan of its symbols`);
  const planned = new Set(watches.map(({ symbol }) => symbol));
  return { plan: { strategy: 'live', version: 1, watches }, markets: markets.filter(({ symbol }) => planned.has(symbol)) };
}

function watchOf({ symbol, rules }: Market, quote: Quote | undefined, index: number) {
  if (quote === undefined) return [];
  const limit = roundDownTo(quote.price.times(new Decimal(1).minus(NEAREST.times(index + 1))), rules.tickSize);
  const quantity = limit.isZero() ? limit : roundDownTo(NOTIONAL.dividedBy(limit), rules.lotSize);
  if (quantity.lessThan(rules.minQuantity) || quantity.isZero()) return [];
  return [{
    symbol,
    assetClass: 'crypto',
    side: 'buy',
    limit: toPlain(limit),
    quantity: toPlain(quantity),
    takeProfit: toPlain(roundUpTo(limit.times(TAKE_PROFIT), rules.tickSize)),
    stop: toPlain(roundDownTo(limit.times(STOP), rules.tickSize)),
  }];
}
