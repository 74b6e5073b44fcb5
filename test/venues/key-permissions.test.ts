import { afterEach, describe, expect, it } from '@jest/globals';
import { createAlpacaExchange } from '../../shared/adapters/alpaca/alpaca-exchange.ts';
import { createCcxtExchange } from '../../shared/adapters/ccxt/ccxt-exchange.ts';
import { anyVenue } from '../../shared/adapters/ccxt/venues/any.ts';
import { VenueReadError } from '../../shared/errors.ts';
import { findVenueTraits } from '../../shared/venue-traits.ts';
import { LoopbackVenue, pairMarket } from './loopback-venue.ts';
import type { RunningVenue } from './loopback-venue.ts';
import { ALPACA_CRYPTO, BINANCE, BINANCEUSDM, BYBIT, COINBASE, KRAKEN, OKX } from './venues.ts';
import type { VenueUnderTest } from './venue-bench.ts';

const TELLING: readonly VenueUnderTest[] = [BINANCE, BINANCEUSDM, KRAKEN, BYBIT, OKX, COINBASE];
const named = (venues: readonly VenueUnderTest[]) => venues.map((under) => [under.dialect.venue, under] as const);

describe('EX-9 what the exchange says of its key', () => {
  const running: RunningVenue[] = [];
  afterEach(async () => {
    for (const one of running.splice(0)) await one.stop();
  });
  const open = async (under: VenueUnderTest, given: Partial<Parameters<typeof createCcxtExchange>[0]> = {}) => {
    const venue = new LoopbackVenue({ markets: [pairMarket(under.symbol)], holdsCoins: under.holdsCoins });
    const started = await under.start(venue);
    running.push(started);
    const traits = findVenueTraits(under.dialect.venue);
    if (traits === null) throw new Error('no traits');
    const exchange = createCcxtExchange({ dialect: under.dialect, traits, credentials: under.credentials, urls: under.urls(started.url), timeoutMs: 5_000, pauseMs: 1, fraction: () => 0.5, ...given });
    return { venue, exchange };
  };

  it.each(named(TELLING))('%s tells whether money may be taken out with it', async (_name, under) => {
    const { venue, exchange } = await open(under);
    expect(await exchange.canWithdraw?.()).toBe(false);
    venue.keyCanWithdraw = true;
    expect(await exchange.canWithdraw?.()).toBe(true);
    expect(new Set(venue.calls)).toEqual(new Set(['read']));
  });

  it.each(named(TELLING))('%s is asked once, and what it does not answer or answers otherwise is no word', async (_name, under) => {
    const { venue, exchange } = await open(under);
    venue.strike(['read'], { kind: 'REPLY', when: 'BEFORE', reply: { status: 503, body: 'Service Unavailable' } });
    await expect(exchange.canWithdraw?.()).rejects.toBeInstanceOf(VenueReadError);
    expect(venue.calls).toHaveLength(1);
    venue.strike(['read'], { kind: 'REPLY', when: 'BEFORE', reply: { status: 200, body: {} } });
    await expect(exchange.canWithdraw?.()).rejects.toBeInstanceOf(VenueReadError);
  });

  it.each(named(TELLING))('%s does not tell it to a wrong key', async (_name, under) => {
    const { exchange } = await open(under, { credentials: { ...under.credentials, apiKey: 'wrong' } });
    await expect(exchange.canWithdraw?.()).rejects.toBeInstanceOf(VenueReadError);
  });

  it('and the sandboxes of Bybit and OKX tell as well, while Binance has no such service there', async () => {
    const told = await Promise.all([BYBIT, OKX, BINANCE].map(async (under) => (await open(under, { sandbox: true })).exchange.canWithdraw));
    expect(told.map((check) => check !== null)).toEqual([true, true, false]);
  });

  it('and Alpaca has no such call, nor a venue of which nothing is known', async () => {
    expect((await open(ALPACA_CRYPTO)).exchange.canWithdraw).toBeNull();
    const { exchangeClass, config } = BINANCE.dialect;
    expect(anyVenue({ venue: 'binance', exchangeClass, quoteCurrency: 'USDT', config }).keyCheck).toBeNull();
    const traits = findVenueTraits('alpaca');
    if (traits === null) throw new Error('no traits');
    expect(createAlpacaExchange({ traits, credentials: { keyId: 'k', secret: 's' }, environment: 'paper', timeoutMs: 1 }).canWithdraw).toBeNull();
  });
});
