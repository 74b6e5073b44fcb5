import { describeExchange, describeStops } from '../contracts/exchange-contract.ts';
import { startAlpaca } from './alpaca-bench.ts';

describeExchange("Alpaca's own client", async () => {
  const { server, exchange, stop } = await startAlpaca();
  return {
    exchange,
    symbol: 'AAPL',
    setPrice: async (price) => server.venue.price('AAPL', price),
    limitNext: async (seconds) => server.venue.strike(['place'], { kind: 'LIMITED', retryAfterSeconds: seconds }),
    loseNextAnswer: async (takesEffect) => server.venue.strike(['place', 'cancel'], { kind: 'LOST', when: takesEffect ? 'AFTER' : 'BEFORE' }),
    failNextReads: async (count) =>
      server.venue.strike(['read'], { kind: 'REPLY', when: 'BEFORE', reply: { status: 503, body: 'Service Unavailable' } }, count),
    stop,
  };
  // What only rests, icebergs and batches are not there, nobody says who made a price, and what trades at once comes in whole units.
}, ['PAUSE']);

// A position's shares are there once: whatever would sell them twice is refused.
describeStops(
  "Alpaca's own client",
  async ({ reduceOnlyOverlap, pageSize }) => {
    const { server, exchange, stop } = await startAlpaca({ server: { config: { reduceOnlyOverlap } }, exchange: { pageSize: Math.min(pageSize, 99) } });
    return {
      exchange,
      symbol: 'AAPL',
      pair: 'BRK.B',
      feesInQuote: true,
      setPrice: async (symbol, price) => server.venue.price(symbol, price),
      loseNextAnswer: async () => server.venue.strike(['place'], { kind: 'LOST', when: 'AFTER' }),
      stop,
    };
  },
  { overlap: true },
);
