import { afterEach, describe, expect, it } from '@jest/globals';
import { Decimal, toPlain } from '../../shared/domain/decimal.ts';
import { anyVenue } from '../../shared/adapters/ccxt/venues/any.ts';
import { order, startBench } from './venue-bench.ts';
import type { VenueBench } from './venue-bench.ts';
import { BINANCE } from './venues.ts';

const { exchangeClass, config } = BINANCE.dialect;
const UNKNOWN_VENUE = { ...BINANCE, dialect: { ...anyVenue({ venue: 'binance', exchangeClass, quoteCurrency: 'USDT', config }) } };

describe('EX-9 an exchange of which nothing is known but its class', () => {
  let bench: VenueBench;
  afterEach(() => bench.stop());

  it('takes an order, finds it by our id and cancels it', async () => {
    bench = await startBench(UNKNOWN_VENUE);
    bench.venue.price(bench.symbol, '100');
    expect(await bench.exchange.place(order(bench.symbol, 'one'))).toMatchObject({ kind: 'ACCEPTED', report: { status: 'OPEN', clientOrderId: 'one' } });
    const found = await bench.exchange.findOrder({ clientOrderId: 'one', symbol: bench.symbol });
    expect([found?.quantity, found?.limit].map((value) => toPlain(value ?? new Decimal(0)))).toEqual(['2.5', '90.25']);
    expect(await bench.exchange.findOrder({ clientOrderId: 'nobody', symbol: bench.symbol })).toBeNull();
    expect(await bench.exchange.cancel({ clientOrderId: 'one', symbol: bench.symbol })).toMatchObject({ kind: 'ACCEPTED', report: { status: 'CANCELLED' } });
  });

  it('never says that an order was refused, since no answer of it is known to be one', async () => {
    bench = await startBench(UNKNOWN_VENUE);
    bench.venue.price(bench.symbol, '100');
    expect((await bench.exchange.place(order(bench.symbol, 'one', { limit: new Decimal('90.001') }))).kind).toBe('UNKNOWN');
    expect(await bench.exchange.findOrder({ clientOrderId: 'one', symbol: bench.symbol })).toBeNull();
  });
});
