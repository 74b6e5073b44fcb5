import { afterEach, describe, expect, it } from '@jest/globals';
import { createCcxtExchange } from '../../shared/adapters/ccxt/ccxt-exchange.ts';
import { Decimal, toPlain } from '../../shared/domain/decimal.ts';
import { findVenueTraits } from '../../shared/venue-traits.ts';
import { pairMarket } from './loopback-venue.ts';
import { order, startBench } from './venue-bench.ts';
import type { VenueBench } from './venue-bench.ts';
import { VENUES } from './venues.ts';

/** Eighteen digits: more than a float has. */
const QUANTITY = '1234567890123.12345';
const named = VENUES.map((under) => [under.dialect.venue, under] as const);

describe.each(named)('EX-10 numbers on their way to %s and back', (_name, under) => {
  let bench: VenueBench;
  afterEach(() => bench.stop());

  it('keep every digit, in orders, lists, trades and positions', async () => {
    bench = await startBench(under, { core: { startingCash: new Decimal('1e12') }, markets: [pairMarket(under.symbol)] });
    bench.venue.price(under.symbol, '0.02');
    await bench.exchange.place(order(bench.symbol, 'one', { quantity: new Decimal(QUANTITY), limit: new Decimal('0.01') }));
    const [there] = bench.venue.engine.openOrders();
    const [listed] = await bench.exchange.openOrders();
    const found = await bench.exchange.findOrder({ clientOrderId: 'one', symbol: bench.symbol });
    expect([there?.quantity, listed?.quantity, found?.quantity].map((value) => toPlain(value ?? new Decimal(0)))).toEqual([QUANTITY, QUANTITY, QUANTITY]);
    bench.venue.price(under.symbol, '0.01');
    const filled = await bench.exchange.findOrder({ clientOrderId: 'one', symbol: bench.symbol });
    const { trades } = await bench.exchange.recentTrades(null);
    const position = await bench.exchange.findPosition(bench.symbol);
    expect([filled?.filledQuantity, filled?.trades[0]?.quantity, trades[0]?.quantity, position?.quantity].map((value) => toPlain(value ?? new Decimal(0)))).toEqual([QUANTITY, QUANTITY, QUANTITY, QUANTITY]);
  });

  it('are the rules of the market as the venue states them', async () => {
    bench = await startBench(under, { markets: [pairMarket(under.symbol, { tickSize: '0.001', lotSize: '0.00001', minQuantity: '0.002' })] });
    const [market] = await bench.exchange.markets();
    expect([market?.symbol, market?.rules.tickSize, market?.rules.lotSize, market?.rules.minQuantity].map(String)).toEqual([under.symbol, '0.001', '0.00001', '0.002']);
  });
});

describe('EX-11 trades of two markets', () => {
  let bench: VenueBench;
  afterEach(() => bench.stop());

  it.each(named.filter(([, under]) => under.dialect.tradeIdsPerSymbol))('of %s are told apart though their numbers are counted market by market', async (_name, under) => {
    bench = await startBench(under);
    for (const symbol of [under.symbol, under.otherSymbol]) {
      bench.venue.price(symbol, '90');
      await bench.exchange.place(order(symbol, `of-${symbol.slice(0, 3)}`.toLowerCase().replace('-', 'x')));
    }
    const { trades } = await bench.exchange.recentTrades(null);
    expect(trades.map(({ tradeId }) => tradeId.split(':')[0]).toSorted()).toEqual([under.symbol, under.otherSymbol].toSorted());
  });
});

describe('the sandbox of a venue', () => {
  const hostOf = async (under: (typeof VENUES)[number], sandbox: boolean): Promise<readonly string[]> => {
    const hosts = new Set<string>();
    const traits = findVenueTraits(under.dialect.venue);
    if (traits === null) throw new Error('no traits');
    const watching: typeof fetch = async (url, init) => {
      // OKX has one address for both, and a header that keeps them apart.
      const simulated = new Headers(init?.headers).get('x-simulated-trading') === '1' ? ', simulated' : '';
      hosts.add(`${new URL(url instanceof Request ? url.url : url).hostname}${simulated}`);
      return new Response('{}', { status: 500 });
    };
    const exchange = createCcxtExchange({ dialect: under.dialect, traits, credentials: under.credentials, timeoutMs: 5_000, attempts: 1, fetch: watching, sandbox });
    await exchange.markets().catch(() => null);
    return [...hosts];
  };

  it.each(named)('of %s is another place, or is refused at the start: nothing meant for it goes to the market', async (_name, under) => {
    const market = await hostOf(under, false);
    expect(market.length).toBeGreaterThan(0);
    const sandbox = await hostOf(under, true).catch(() => []);
    expect(sandbox.filter((host) => market.includes(host))).toEqual([]);
  });
});
