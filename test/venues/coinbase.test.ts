import { coinbase } from '../../shared/adapters/ccxt/venues/coinbase.ts';
import { KEY_NAME, KEY_PEM, startCoinbase } from './coinbase-server.ts';
import { describeVenue } from './venue-bench.ts';
import type { VenueUnderTest } from './venue-bench.ts';

export const COINBASE: VenueUnderTest = {
  dialect: coinbase,
  start: startCoinbase,
  urls: (url) => ({ rest: url }),
  credentials: { apiKey: KEY_NAME, secret: KEY_PEM },
  symbol: 'BTC/USD',
  otherSymbol: 'ETH/USD',
  core: { feeAsset: 'QUOTE', amendsStops: false },
  holdsCoins: true,
  notOpenWords: ['ORDER_CLOSED', 'ORDER_UNKNOWN'],
  ways: { feesInQuote: true, answersRepeats: true },
};

describeVenue(COINBASE);
