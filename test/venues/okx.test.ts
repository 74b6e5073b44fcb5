import { okx } from '../../shared/adapters/ccxt/venues/okx.ts';
import { API_KEY, SECRET } from './loopback-venue.ts';
import { PASSPHRASE, startOkx } from './okx-server.ts';
import { describeVenue } from './venue-bench.ts';
import type { VenueUnderTest } from './venue-bench.ts';

export const OKX: VenueUnderTest = {
  dialect: okx,
  start: startOkx,
  urls: (url) => ({ rest: url }),
  credentials: { apiKey: API_KEY, secret: SECRET, password: PASSPHRASE },
  symbol: 'BTC/USDT',
  otherSymbol: 'ETH/USDT',
  core: {},
  holdsCoins: true,
  notOpenWords: ['ORDER_NOT_OPEN', 'ORDER_UNKNOWN'],
};

describeVenue(OKX);
