// Binance's spot market as its documentation has it (rest-api: exchangeInfo, account, order, openOrders, myTrades, ticker/24hr;
// request security: HMAC SHA256 over query and body; errors: {"code", "msg"}).
import { createHmac } from 'node:crypto';
import type { Applied, RefusalCode, VenueFill, VenueOrder } from '../../shared/adapters/paper/venue-model.ts';
import { Decimal, toPlain } from '../../shared/domain/decimal.ts';
import { isLive } from '../../shared/domain/order-lifecycle.ts';
import type { Market } from '../../shared/ports.ts';
import { API_KEY, SECRET, numberOf, startLoopback } from './loopback-venue.ts';
import type { LoopbackVenue, Route, RunningVenue, WireReply, WireRequest } from './loopback-venue.ts';

/** The filter ICEBERG_PARTS. */
const MOST_PARTS = 10;
const partsOf = ({ quantity = '0', icebergQty = quantity }: Readonly<Record<string, string>>): number => Number(quantity) / Number(icebergQty);
const DEFAULT_WINDOW_MS = 5_000;
const AHEAD_MS = 1_000;

export const binanceError = (status: number, code: number, msg: string): WireReply => ({ status, body: { code, msg } });

const REFUSALS: Readonly<Record<RefusalCode, readonly [code: number, msg: string]>> = {
  UNKNOWN_SYMBOL: [-1121, 'Invalid symbol.'],
  NO_PRICE: [-1013, 'Market is closed.'],
  TICK_SIZE: [-1013, 'Filter failure: PRICE_FILTER'],
  LOT_SIZE: [-1013, 'Filter failure: LOT_SIZE'],
  MIN_QUANTITY: [-1013, 'Filter failure: LOT_SIZE'],
  MIN_NOTIONAL: [-1013, 'Filter failure: NOTIONAL'],
  PRICE_BAND: [-1013, 'Filter failure: PERCENT_PRICE_BY_SIDE'],
  REDUCE_ONLY: [-2010, 'Account has insufficient balance for requested action.'],
  INSUFFICIENT_FUNDS: [-2010, 'Account has insufficient balance for requested action.'],
  WOULD_TRIGGER: [-2010, 'Stop price would trigger immediately.'],
  WOULD_CROSS: [-2010, 'Order would immediately match and take.'],
  NO_ICEBERGS: [-1013, 'Filter failure: ICEBERG_PARTS'],
  DUPLICATE_CLIENT_ORDER_ID: [-2010, 'Duplicate order sent.'],
  ORDER_UNKNOWN: [-2011, 'Unknown order sent.'],
  ORDER_CLOSED: [-2011, 'Unknown order sent.'],
  NOT_AMENDABLE: [-2038, 'Order amend (quantity increase) is not supported.'],
  QUANTITY_ALREADY_FILLED: [-2038, 'Order amend is not supported.'],
};

const STATUS: Readonly<Record<VenueOrder['status'], string>> = {
  PENDING: 'NEW', SUBMITTED: 'NEW', OPEN: 'NEW', PARTIALLY_FILLED: 'PARTIALLY_FILLED', FILLED: 'FILLED', CANCELLED: 'CANCELED', REJECTED: 'REJECTED', EXPIRED: 'EXPIRED',
};

/** Signs as the documentation says: HMAC SHA256 of everything that was sent but the signature. */
export const admitBinance = (venue: LoopbackVenue, request: WireRequest): WireReply | null => {
  const { fields, headers } = request;
  if (headers['x-mbx-apikey'] !== API_KEY) return binanceError(401, -2015, 'Invalid API-key, IP, or permissions for action.');
  const sent = `${request.query}${request.body}`;
  const [payload = ''] = sent.split('&signature=');
  const expected = createHmac('sha256', SECRET).update(payload).digest('hex');
  if (fields['signature'] !== expected) return binanceError(400, -1022, 'Signature for this request is not valid.');
  const age = venue.now() - Number(fields['timestamp']);
  if (age < -AHEAD_MS) return binanceError(400, -1021, "Timestamp for this request was 1000ms ahead of the server's time.");
  if (age > Number(fields['recvWindow'] ?? DEFAULT_WINDOW_MS)) return binanceError(400, -1021, 'Timestamp for this request is outside of the recvWindow.');
  return null;
};

/** Wallet, API Key Permission: another service than the market's. */
export const apiRestrictions = (venue: LoopbackVenue): Route => ({
  method: 'GET', path: /^\/sapi\/v1\/account\/apiRestrictions$/, call: 'read',
  answer: () => ({
    status: 200,
    body: {
      ipRestrict: true, createTime: 1698645219000, enableInternalTransfer: false, enableFutures: true, enablePortfolioMarginTrading: false, enableVanillaOptions: false,
      permitsUniversalTransfer: false, enableReading: true, enableSpotAndMarginTrading: true, enableWithdrawals: venue.keyCanWithdraw, enableMargin: false,
    },
  }),
});

export const idOf = (symbol: string): string => symbol.replace('/', '');
const coins = (symbol: string): readonly [string, string] => {
  const [base = '', quote = ''] = symbol.split('/');
  return [base, quote];
};

const symbolInfo = ({ symbol, rules }: Market): unknown => {
  const [baseAsset, quoteAsset] = coins(symbol);
  return {
    symbol: idOf(symbol), status: 'TRADING', baseAsset, baseAssetPrecision: 8, quoteAsset, quotePrecision: 8, quoteAssetPrecision: 8,
    orderTypes: ['LIMIT', 'LIMIT_MAKER', 'MARKET', 'STOP_LOSS', 'STOP_LOSS_LIMIT', 'TAKE_PROFIT', 'TAKE_PROFIT_LIMIT'],
    icebergAllowed: true, ocoAllowed: true, isSpotTradingAllowed: true, isMarginTradingAllowed: false, permissions: [], permissionSets: [['SPOT']],
    filters: [
      { filterType: 'PRICE_FILTER', minPrice: toPlain(rules.tickSize), maxPrice: '1000000.00000000', tickSize: toPlain(rules.tickSize) },
      { filterType: 'LOT_SIZE', minQty: toPlain(rules.minQuantity), maxQty: '9000.00000000', stepSize: toPlain(rules.lotSize) },
      { filterType: 'NOTIONAL', minNotional: toPlain(rules.minNotional), applyMinToMarket: true, maxNotional: '9000000.00000000', applyMaxToMarket: false, avgPriceMins: 5 },
      { filterType: 'ICEBERG_PARTS', limit: MOST_PARTS },
    ],
  };
};

const typeOf = (order: VenueOrder): string => (order.stopPrice !== null ? 'STOP_LOSS' : order.limit === null ? 'MARKET' : order.timeInForce === 'POST_ONLY' ? 'LIMIT_MAKER' : 'LIMIT');

const orderBody = (order: VenueOrder): Record<string, unknown> => ({
  symbol: idOf(order.symbol), orderId: numberOf(order.exchangeOrderId), orderListId: -1, clientOrderId: order.clientOrderId,
  price: order.limit?.toFixed(8) ?? '0.00000000', origQty: order.quantity.toFixed(8), executedQty: order.filledQuantity.toFixed(8),
  cummulativeQuoteQty: order.filledNotional.toFixed(8), status: STATUS[order.status], timeInForce: order.timeInForce === 'IOC' ? 'IOC' : 'GTC', type: typeOf(order),
  side: order.side.toUpperCase(), stopPrice: order.stopPrice?.toFixed(8) ?? '0.00000000', icebergQty: order.shown?.toFixed(8) ?? '0.00000000',
  time: order.at, updateTime: order.at, isWorking: order.stopPrice === null || order.triggeredAt !== null, workingTime: order.at,
  origQuoteOrderQty: '0.00000000', selfTradePreventionMode: 'EXPIRE_MAKER',
});

const commission = (fill: VenueFill): { commission: string; commissionAsset: string } => {
  const [base, quote] = coins(fill.symbol);
  return { commission: fill.fee.toFixed(8), commissionAsset: fill.feeIn === 'BASE' ? base : quote };
};

const placed = (order: VenueOrder): unknown => ({
  ...orderBody(order), transactTime: order.at,
  fills: order.fills.map((fill) => ({ price: fill.price.toFixed(8), qty: fill.quantity.toFixed(8), ...commission(fill), tradeId: numberOf(fill.tradeId) })),
});

/** Speaks Binance's spot REST over a venue. */
export const startBinance = (venue: LoopbackVenue): Promise<RunningVenue> => {
  const symbolOf = (id: string): string => venue.markets.find((market) => idOf(market.symbol) === id)?.symbol ?? id;
  const refused = ({ refusal }: Applied): WireReply => binanceError(400, ...REFUSALS[refusal ?? 'NO_PRICE']);
  const byRef = (fields: WireRequest['fields']): VenueOrder | null =>
    fields['origClientOrderId'] !== undefined ? venue.engine.find(fields['origClientOrderId']) : venue.byExchangeId(`P${fields['orderId'] ?? ''}`);
  const decimal = (text: string | undefined): Decimal | null => (text === undefined ? null : new Decimal(text));

  const place = ({ fields }: WireRequest): WireReply => {
    if (!/^[.A-Z:/a-z0-9_-]{1,36}$/.test(fields['newClientOrderId'] ?? '')) {
      return binanceError(400, -1100, "Illegal characters found in parameter 'newClientOrderId'; legal range is '^[\\.A-Z\\:/a-z0-9_-]{1,36}$'.");
    }
    const { type } = fields;
    const stops = type === 'STOP_LOSS';
    const limits = type === 'LIMIT' || type === 'LIMIT_MAKER';
    if (type === 'LIMIT_MAKER' && fields['timeInForce'] !== undefined) return binanceError(400, -1106, "Parameter 'timeInForce' sent when not required.");
    if (fields['icebergQty'] !== undefined && (!limits || fields['timeInForce'] === 'IOC')) return binanceError(400, -1106, "Parameter 'icebergQty' sent when not required.");
    if (partsOf(fields) > MOST_PARTS) return binanceError(400, ...REFUSALS.NO_ICEBERGS);
    if (stops && fields['stopPrice'] === undefined) return binanceError(400, -1102, "Mandatory parameter 'stopPrice' was not sent.");
    const applied = venue.place({
      clientOrderId: fields['newClientOrderId'] ?? '', symbol: symbolOf(fields['symbol'] ?? ''), side: fields['side'] === 'BUY' ? 'buy' : 'sell',
      quantity: new Decimal(fields['quantity'] ?? '0'), limit: limits ? decimal(fields['price']) : null,
      stopPrice: stops ? decimal(fields['stopPrice']) : null, timeInForce: type === 'LIMIT_MAKER' ? 'POST_ONLY' : type === 'MARKET' || fields['timeInForce'] === 'IOC' ? 'IOC' : 'GTC',
      shown: decimal(fields['icebergQty']),
    });
    return applied.refusal !== null || applied.order === null ? refused(applied) : { status: 200, body: placed(applied.order) };
  };
  const cancel = ({ fields }: WireRequest): WireReply => {
    const order = byRef(fields);
    if (order === null || !isLive(order.status)) return binanceError(400, ...REFUSALS.ORDER_UNKNOWN);
    const { order: ended } = venue.cancel(order.clientOrderId);
    return ended === null ? binanceError(400, ...REFUSALS.ORDER_UNKNOWN) : { status: 200, body: { ...orderBody(ended), origClientOrderId: ended.clientOrderId, transactTime: ended.at } };
  };
  const find = ({ fields }: WireRequest): WireReply => {
    const order = byRef(fields);
    // What was refused has never been an order there.
    return order === null || order.status === 'REJECTED' ? binanceError(400, -2013, 'Order does not exist.') : { status: 200, body: orderBody(order) };
  };
  const trades = ({ fields }: WireRequest): WireReply => {
    const symbol = symbolOf(fields['symbol'] ?? '');
    const owner = (fill: VenueFill): VenueOrder | null => venue.engine.allOrders().find((order) => order.fills.some(({ tradeId }) => tradeId === fill.tradeId)) ?? null;
    const all = venue.fills().filter((fill) => fill.symbol === symbol).map((fill) => ({ fill, order: owner(fill) }));
    const wanted = all.filter(({ fill, order }) =>
      (fields['orderId'] === undefined || order?.exchangeOrderId === `P${fields['orderId']}`) &&
      (fields['fromId'] === undefined || numberOf(fill.tradeId) >= Number(fields['fromId'])) &&
      (fields['startTime'] === undefined || fill.at >= Number(fields['startTime'])));
    const limit = Number(fields['limit'] ?? '500');
    const page = fields['fromId'] === undefined ? wanted.slice(-limit) : wanted.slice(0, limit);
    return {
      status: 200,
      body: page.map(({ fill, order }) => ({
        symbol: idOf(fill.symbol), id: numberOf(fill.tradeId), orderId: numberOf(order?.exchangeOrderId ?? 'P0'), orderListId: -1,
        price: fill.price.toFixed(8), qty: fill.quantity.toFixed(8), quoteQty: fill.price.times(fill.quantity).toFixed(8), ...commission(fill),
        time: fill.at, isBuyer: fill.side === 'buy', isMaker: fill.liquidity === 'MAKER', isBestMatch: true,
      })),
    };
  };
  const account = (): WireReply => ({
    status: 200,
    body: {
      makerCommission: 10, takerCommission: 10, canTrade: true, accountType: 'SPOT', updateTime: venue.now(), permissions: ['SPOT'],
      balances: [
        ...venue.markets.map(({ symbol }) => {
          const { total, locked } = venue.balance(symbol);
          return { asset: coins(symbol)[0], free: total.minus(locked).toFixed(8), locked: locked.toFixed(8) };
        }),
        { asset: 'USDT', free: venue.engine.cash().minus(venue.lockedCash()).toFixed(8), locked: venue.lockedCash().toFixed(8) },
      ],
    },
  });
  const tickers = ({ fields }: WireRequest): WireReply => {
    const ids = JSON.parse(fields['symbols'] ?? '[]') as readonly string[];
    const quotes = [...venue.engine.quotes()].filter(([symbol]) => ids.length === 0 || ids.includes(idOf(symbol)));
    return {
      status: 200,
      body: quotes.map(([symbol, { price, at }]) => ({
        symbol: idOf(symbol), lastPrice: price.toFixed(8), bidPrice: price.toFixed(8), askPrice: price.toFixed(8), openPrice: price.toFixed(8),
        highPrice: price.toFixed(8), lowPrice: price.toFixed(8), volume: '1.00000000', quoteVolume: '1.00000000', openTime: at - 1, closeTime: at, firstId: 1, lastId: 2, count: 2,
      })),
    };
  };
  return startLoopback(venue, {
    admit: (request) => admitBinance(venue, request),
    limited: (seconds) => ({ ...binanceError(429, -1003, 'Too many requests queued.'), headers: { 'retry-after': String(seconds) } }),
    headers: () => ({ 'x-mbx-used-weight-1m': String(venue.calls.length), 'x-mbx-order-count-10s': '1' }),
    routes: [
      { method: 'GET', path: /^\/api\/v3\/exchangeInfo$/, call: 'public', answer: () => ({ status: 200, body: { timezone: 'UTC', serverTime: venue.now(), rateLimits: [], exchangeFilters: [], symbols: venue.markets.map(symbolInfo) } }) },
      { method: 'GET', path: /^\/api\/v3\/ticker\/24hr$/, call: 'public', answer: tickers },
      { method: 'POST', path: /^\/api\/v3\/order$/, call: 'place', answer: place },
      { method: 'DELETE', path: /^\/api\/v3\/order$/, call: 'cancel', answer: cancel },
      { method: 'GET', path: /^\/api\/v3\/order$/, call: 'read', answer: find },
      { method: 'GET', path: /^\/api\/v3\/openOrders$/, call: 'read', answer: () => ({ status: 200, body: [...venue.engine.openOrders(), ...venue.engine.conditionalOrders()].map(orderBody) }) },
      {
        method: 'GET', path: /^\/api\/v3\/allOrders$/, call: 'read',
        answer: ({ fields }) => ({ status: 200, body: venue.engine.allOrders().filter((order) => idOf(order.symbol) === fields['symbol'] && order.status !== 'REJECTED').map(orderBody) }),
      },
      { method: 'GET', path: /^\/api\/v3\/myTrades$/, call: 'read', answer: trades },
      apiRestrictions(venue),
      { method: 'GET', path: /^\/api\/v3\/account$/, call: 'read', answer: account },
    ],
  });
};

