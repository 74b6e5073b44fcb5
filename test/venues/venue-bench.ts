// A venue's own server with the real class of ccxt in front of it.
import { createCcxtExchange } from '../../shared/adapters/ccxt/ccxt-exchange.ts';
import type { CcxtExchangeOptions } from '../../shared/adapters/ccxt/ccxt-exchange.ts';
import type { Dialect } from '../../shared/adapters/ccxt/dialect.ts';
import type { VenueConfig } from '../../shared/adapters/paper/venue-model.ts';
import { Decimal } from '../../shared/domain/decimal.ts';
import type { Exchange, Market, PlaceOrder } from '../../shared/ports.ts';
import { findVenueTraits } from '../../shared/venue-traits.ts';
import { describeExchange, describeStops } from '../contracts/exchange-contract.ts';
import type { ExchangeKind } from '../contracts/exchange-contract.ts';
import { LoopbackVenue, pairMarket } from './loopback-venue.ts';
import type { RunningVenue } from './loopback-venue.ts';

/** One venue under test. */
export interface VenueUnderTest {
  readonly dialect: Dialect;
  readonly start: (venue: LoopbackVenue) => Promise<RunningVenue>;
  /** Where ccxt finds each of its entry points at this address. */
  readonly urls: (url: string) => Readonly<Record<string, string>>;
  readonly credentials: Readonly<Record<string, string>>;
  readonly symbol: string;
  readonly otherSymbol: string;
  readonly core: Partial<VenueConfig>;
  readonly holdsCoins: boolean;
  /** END: a post-only order that would take is taken and ended at once, instead of refused. */
  readonly crossing?: 'REFUSE' | 'END';
  /** The words for a cancel of what is over and of what never was. */
  readonly notOpenWords: readonly [over: string, never: string];
  /** What a placement comes to while our clock is behind the venue's; a venue that asks for no time has none. */
  readonly clock?: Readonly<Record<string, string>>;
  /** What a venue does otherwise than the suite expects of the usual one. */
  readonly ways?: { readonly feesInQuote?: boolean; readonly stopsTriggerAtOnce?: boolean; readonly answersRepeats?: boolean };
}

export interface VenueBench {
  readonly venue: LoopbackVenue;
  readonly exchange: Exchange;
  readonly symbol: string;
  stop(): Promise<void>;
}

export interface BenchOptions {
  readonly core?: Partial<VenueConfig>;
  readonly exchange?: Partial<CcxtExchangeOptions>;
  readonly now?: () => number;
  readonly markets?: readonly Market[];
  readonly crossing?: 'REFUSE' | 'END';
}

export const startBench = async (under: VenueUnderTest, { core, exchange, now, markets, crossing = under.crossing ?? 'REFUSE' }: BenchOptions = {}): Promise<VenueBench> => {
  const venue = new LoopbackVenue({
    markets: markets ?? [pairMarket(under.symbol), pairMarket(under.otherSymbol)],
    config: { ...under.core, ...core },
    holdsCoins: under.holdsCoins,
    crossing,
    ...(now === undefined ? {} : { now }),
  });
  const running = await under.start(venue);
  const traits = findVenueTraits(under.dialect.venue);
  if (traits === null) throw new Error(`${under.dialect.venue} has no traits`);
  return {
    venue,
    symbol: under.symbol,
    exchange: createCcxtExchange({
      dialect: under.dialect, traits, credentials: under.credentials, urls: under.urls(running.url), timeoutMs: 5_000, pauseMs: 1, fraction: () => 0.5, ...exchange,
    }),
    stop: running.stop,
  };
};

export const order = (symbol: string, clientOrderId: string, intent: Partial<PlaceOrder['intent']> = {}): PlaceOrder => ({
  clientOrderId,
  symbol,
  intent: {
    kind: 'PLACE', side: 'buy', quantity: new Decimal('2.5'), limit: new Decimal('90.25'), stopPrice: null, timeInForce: 'GTC', shown: null, reduceOnly: false, ...intent,
  },
});

/** What the contract asks of this venue beside: everything that it has. */
const kindsOf = ({ dialect }: VenueUnderTest): readonly ExchangeKind[] => [
  'POST_ONLY', 'IOC_LIMIT', 'ICEBERG', 'PAUSE', ...(dialect.tellsLiquidity ? ['LIQUIDITY' as const] : []), ...(dialect.batches === null ? [] : ['BATCHES' as const]),
];

/** Runs the contract of the port against one venue. */
export const describeVenue = (under: VenueUnderTest): void => {
  const { venue: name } = under.dialect;
  describeExchange(`ccxt's ${name}`, async () => {
    const bench = await startBench(under);
    return {
      exchange: bench.exchange,
      symbol: under.symbol,
      setPrice: async (price) => bench.venue.price(under.symbol, price),
      loseNextAnswer: async (takesEffect) =>
        bench.venue.strike(['place', 'cancel', 'amend'], { kind: 'LOST', when: takesEffect ? 'AFTER' : 'BEFORE' }),
      failNextReads: async (count) =>
        bench.venue.strike(['read', 'public'], { kind: 'REPLY', when: 'BEFORE', reply: { status: 503, body: 'Service Unavailable' } }, count),
      limitNext: async (seconds) => bench.venue.strike(['place'], { kind: 'LIMITED', retryAfterSeconds: seconds }),
      stop: bench.stop,
      notOpenWords: under.notOpenWords,
      ...under.ways,
      positionsHaveNoPrice: under.dialect.account.kind === 'SPOT',
    };
  }, kindsOf(under));
  describeStops(`ccxt's ${name}`, async ({ reduceOnlyOverlap, baseFeeRate, pageSize }) => {
    const bench = await startBench(under, {
      core: { reduceOnlyOverlap, feeRate: new Decimal(baseFeeRate), feeAsset: 'BASE', ...under.core },
      exchange: { pageSize },
    });
    return {
      exchange: bench.exchange,
      symbol: under.symbol,
      pair: under.otherSymbol,
      setPrice: async (symbol, price) => bench.venue.price(symbol, price),
      loseNextAnswer: async () => bench.venue.strike(['place'], { kind: 'LOST', when: 'AFTER' }),
      stop: bench.stop,
      ...under.ways,
    };
  });
};
