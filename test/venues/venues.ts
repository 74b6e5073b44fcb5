// Every venue that is reached through ccxt, with the server that stands for it.
import { alpacaCrypto } from '../../shared/adapters/ccxt/venues/alpaca-crypto.ts';
import { binance } from '../../shared/adapters/ccxt/venues/binance.ts';
import { binanceusdm } from '../../shared/adapters/ccxt/venues/binanceusdm.ts';
import { bybit } from '../../shared/adapters/ccxt/venues/bybit.ts';
import { coinbase } from '../../shared/adapters/ccxt/venues/coinbase.ts';
import { kraken } from '../../shared/adapters/ccxt/venues/kraken.ts';
import { okx } from '../../shared/adapters/ccxt/venues/okx.ts';
import { startAlpacaCrypto } from './alpaca-crypto-server.ts';
import { startBinance } from './binance-server.ts';
import { startBinanceusdm } from './binanceusdm-server.ts';
import { startBybit } from './bybit-server.ts';
import { KEY_NAME, KEY_PEM, startCoinbase } from './coinbase-server.ts';
import { startKraken } from './kraken-server.ts';
import { API_KEY, SECRET } from './loopback-venue.ts';
import { PASSPHRASE, startOkx } from './okx-server.ts';
import type { VenueUnderTest } from './venue-bench.ts';

export const BINANCE: VenueUnderTest = {
  dialect: binance,
  start: startBinance,
  urls: (url) => ({ public: `${url}/api/v3`, private: `${url}/api/v3`, sapi: `${url}/sapi/v1` }),
  credentials: { apiKey: API_KEY, secret: SECRET },
  symbol: 'BTC/USDT',
  otherSymbol: 'ETH/USDT',
  core: { icebergs: true },
  holdsCoins: true,
  notOpenWords: ['ORDER_NOT_OPEN', 'ORDER_NOT_OPEN'],
  clock: { kind: 'NOT_SENT', reason: 'CLOCK_SKEW' },
};

export const BINANCEUSDM: VenueUnderTest = {
  dialect: binanceusdm,
  start: startBinanceusdm,
  urls: (url) => ({
    fapiPublic: `${url}/fapi/v1`, fapiPrivate: `${url}/fapi/v1`, fapiPrivateV2: `${url}/fapi/v2`, fapiPrivateV3: `${url}/fapi/v3`, public: `${url}/api/v3`, private: `${url}/api/v3`,
    sapi: `${url}/sapi/v1`,
  }),
  credentials: { apiKey: API_KEY, secret: SECRET },
  symbol: 'BTC/USDT',
  otherSymbol: 'ETH/USDT',
  core: { amendsStops: false },
  holdsCoins: false,
  notOpenWords: ['ORDER_NOT_OPEN', 'ORDER_UNKNOWN'],
  clock: { kind: 'NOT_SENT', reason: 'CLOCK_SKEW' },
};

export const KRAKEN: VenueUnderTest = {
  dialect: kraken,
  start: startKraken,
  urls: (url) => ({ public: url, private: url }),
  credentials: { apiKey: API_KEY, secret: SECRET },
  symbol: 'BTC/USD',
  otherSymbol: 'ETH/USD',
  core: { feeAsset: 'QUOTE', immediateStops: 'TRIGGER', icebergs: true },
  holdsCoins: true,
  notOpenWords: ['ORDER_NOT_OPEN', 'ORDER_NOT_OPEN'],
  ways: { feesInQuote: true, stopsTriggerAtOnce: true },
};

export const BYBIT: VenueUnderTest = {
  dialect: bybit,
  start: startBybit,
  urls: (url) => ({ public: url, private: url }),
  credentials: { apiKey: API_KEY, secret: SECRET },
  symbol: 'BTC/USDT',
  otherSymbol: 'ETH/USDT',
  core: { feeAsset: 'QUOTE' },
  holdsCoins: false,
  crossing: 'END',
  notOpenWords: ['ORDER_NOT_OPEN', 'ORDER_NOT_OPEN'],
  ways: { feesInQuote: true },
  clock: { kind: 'NOT_SENT', reason: 'CLOCK_SKEW' },
};

export const OKX: VenueUnderTest = {
  dialect: okx,
  start: startOkx,
  urls: (url) => ({ rest: url }),
  credentials: { apiKey: API_KEY, secret: SECRET, password: PASSPHRASE },
  symbol: 'BTC/USDT',
  otherSymbol: 'ETH/USDT',
  core: {},
  holdsCoins: true,
  crossing: 'END',
  notOpenWords: ['ORDER_NOT_OPEN', 'ORDER_UNKNOWN'],
  clock: { kind: 'NOT_SENT', reason: 'CLOCK_SKEW' },
};

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
  clock: { kind: 'REFUSED', code: 'NOT_AUTHORISED' },
};

export const ALPACA_CRYPTO: VenueUnderTest = {
  dialect: alpacaCrypto,
  start: startAlpacaCrypto,
  urls: (url) => ({ trader: url, market: url, broker: url }),
  credentials: { apiKey: API_KEY, secret: SECRET },
  symbol: 'BTC/USD',
  otherSymbol: 'ETH/USD',
  core: { feeAsset: 'QUOTE', uniqueClientOrderIds: 'ALWAYS' },
  holdsCoins: true,
  notOpenWords: ['ORDER_CLOSED', 'ORDER_UNKNOWN'],
  ways: { feesInQuote: true },
};

/** All of them. */
export const VENUES: readonly VenueUnderTest[] = [BINANCE, BINANCEUSDM, KRAKEN, BYBIT, OKX, COINBASE, ALPACA_CRYPTO];
