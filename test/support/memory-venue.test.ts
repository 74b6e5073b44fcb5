// The venue that tests run on must keep to the contract of the real ones, or what they prove is worth nothing.
import { Decimal } from '../../shared/domain/decimal.ts';
import { describeStops } from '../contracts/exchange-contract.ts';
import { MemoryVenue } from './memory-venue.ts';

describeStops('the venue in memory', async ({ reduceOnlyOverlap, baseFeeRate, pageSize }) => {
  const venue = new MemoryVenue({
    clock: { now: () => 1_768_435_200_000, sleep: () => Promise.resolve() },
    traits: { venue: 'paper', amends: true, stopMoves: 'AMEND', icebergs: false, mostIcebergParts: null, postOnly: true, maxClientOrderIdLength: 36, quietSeconds: 21 },
  });
  venue.reduceOnlyOverlap = reduceOnlyOverlap;
  venue.baseFeeRate = new Decimal(baseFeeRate);
  venue.pageSize = pageSize;
  return {
    exchange: venue,
    symbol: 'AAPL',
    pair: 'BTC/USD',
    setPrice: async (symbol, price) => venue.setPrice(symbol, new Decimal(price)),
    loseNextAnswer: async () => venue.next('place', { kind: 'LOST_AFTER' }),
    stop: () => Promise.resolve(),
  };
});
