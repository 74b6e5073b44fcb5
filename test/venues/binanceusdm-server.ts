// Binance's USD-margined futures as their documentation has them (fapi: exchangeInfo, order with PUT to modify, algoOrder for
// stops, openOrders, openAlgoOrders, userTrades, v3/positionRisk, v3/account; security and errors as on the spot market).
import type { Applied, RefusalCode, VenueFill, VenueOrder } from '../../shared/adapters/paper/venue-model.ts';
import { averagePrice } from '../../shared/adapters/paper/venue-ledger.ts';
import { Decimal, toPlain } from '../../shared/domain/decimal.ts';
import { isLive } from '../../shared/domain/order-lifecycle.ts';
import type { Market } from '../../shared/ports.ts';
import { admitBinance, apiRestrictions, binanceError, idOf } from './binance-server.ts';
import { fieldsIn, numberOf, startLoopback } from './loopback-venue.ts';
import type { LoopbackVenue, RunningVenue, WireReply, WireRequest } from './loopback-venue.ts';

const MOST_PLACED = 5;
const MOST_CANCELLED = 10;
const ofSymbol = (order: VenueOrder | null, id: string | undefined): VenueOrder | null => (order !== null && idOf(order.symbol) === id ? order : null);

/** Orders that came of a stop have numbers of their own. */
const OF_A_STOP = 5_000_000;

const REFUSALS: Readonly<Record<RefusalCode, readonly [code: number, msg: string]>> = {
  UNKNOWN_SYMBOL: [-1121, 'Invalid symbol.'],
  NO_PRICE: [-4131, 'The counterparty\'s best price does not meet the PERCENT_PRICE filter limit.'],
  TICK_SIZE: [-4014, 'Price not increased by tick size.'],
  LOT_SIZE: [-4023, 'Qty not increased by step size.'],
  MIN_QUANTITY: [-4003, 'Quantity less than or equal to zero.'],
  MIN_NOTIONAL: [-4164, "Order's notional must be no smaller than 5 (unless you choose reduce only)."],
  PRICE_BAND: [-4024, "Limit price can't be lower than 90."],
  REDUCE_ONLY: [-2022, 'ReduceOnly Order is rejected.'],
  INSUFFICIENT_FUNDS: [-2019, 'Margin is insufficient.'],
  WOULD_TRIGGER: [-2021, 'Order would immediately trigger.'],
  WOULD_CROSS: [-5022, 'Due to the order could not be executed as maker, the Post Only order will be rejected.'],
  NO_ICEBERGS: [-1106, 'Parameter was sent when not required.'],
  DUPLICATE_CLIENT_ORDER_ID: [-4116, 'ClientOrderId is duplicated.'],
  ORDER_UNKNOWN: [-2011, 'Unknown order sent.'],
  ORDER_CLOSED: [-2011, 'Unknown order sent.'],
  NOT_AMENDABLE: [-5025, 'Only limit order is supported.'],
  QUANTITY_ALREADY_FILLED: [-4003, 'Quantity less than or equal to zero.'],
};

const STATUS: Readonly<Record<VenueOrder['status'], string>> = {
  PENDING: 'NEW', SUBMITTED: 'NEW', OPEN: 'NEW', PARTIALLY_FILLED: 'PARTIALLY_FILLED', FILLED: 'FILLED', CANCELLED: 'CANCELED', REJECTED: 'REJECTED', EXPIRED: 'EXPIRED',
};

const isWaitingOrWas = (order: VenueOrder): boolean => order.stopPrice !== null;
const marketOrderId = (order: VenueOrder): number => numberOf(order.exchangeOrderId) + (isWaitingOrWas(order) ? OF_A_STOP : 0);

const symbolInfo = ({ symbol, rules }: Market): unknown => {
  const [baseAsset = '', quoteAsset = ''] = symbol.split('/');
  return {
    symbol: idOf(symbol), pair: idOf(symbol), contractType: 'PERPETUAL', deliveryDate: 4133404800000, onboardDate: 1569398400000, status: 'TRADING',
    baseAsset, quoteAsset, marginAsset: quoteAsset, pricePrecision: 2, quantityPrecision: 5, baseAssetPrecision: 8, quotePrecision: 8,
    filters: [
      { filterType: 'PRICE_FILTER', minPrice: toPlain(rules.tickSize), maxPrice: '1000000', tickSize: toPlain(rules.tickSize) },
      { filterType: 'LOT_SIZE', minQty: toPlain(rules.minQuantity), maxQty: '1000', stepSize: toPlain(rules.lotSize) },
      { filterType: 'MIN_NOTIONAL', notional: toPlain(rules.minNotional) },
    ],
    orderTypes: ['LIMIT', 'MARKET', 'STOP', 'STOP_MARKET', 'TAKE_PROFIT', 'TAKE_PROFIT_MARKET', 'TRAILING_STOP_MARKET'], timeInForce: ['GTC', 'IOC', 'FOK', 'GTX', 'GTD'],
  };
};

const orderBody = (order: VenueOrder): Record<string, unknown> => {
  const average = order.filledQuantity.isZero() ? '0.00' : averagePrice(order.filledNotional, order.filledQuantity).toFixed(8);
  return {
    orderId: marketOrderId(order), symbol: idOf(order.symbol), status: order.refusal === 'WOULD_CROSS' ? 'EXPIRED' : STATUS[order.status], clientOrderId: order.clientOrderId, price: order.limit?.toFixed(2) ?? '0.00',
    avgPrice: average, origQty: order.quantity.toFixed(5), executedQty: order.filledQuantity.toFixed(5), cumQuote: order.filledNotional.toFixed(8),
    timeInForce: order.timeInForce === 'POST_ONLY' ? 'GTX' : order.timeInForce, type: order.limit === null ? 'MARKET' : 'LIMIT', reduceOnly: order.reduceOnly, closePosition: false, side: order.side.toUpperCase(),
    positionSide: 'BOTH', stopPrice: '0.00', workingType: 'CONTRACT_PRICE', priceProtect: false, origType: order.limit === null ? 'MARKET' : 'LIMIT',
    priceMatch: 'NONE', selfTradePreventionMode: 'NONE', goodTillDate: 0, time: order.at, updateTime: order.at,
  };
};

const algoStatus = (order: VenueOrder): string => {
  if (order.triggeredAt === null) return order.status === 'OPEN' ? 'NEW' : STATUS[order.status];
  return isLive(order.status) ? 'TRIGGERED' : 'FINISHED';
};

const algoBody = (order: VenueOrder): Record<string, unknown> => ({
  algoId: numberOf(order.exchangeOrderId), clientAlgoId: order.clientOrderId, algoType: 'CONDITIONAL', orderType: 'STOP_MARKET', symbol: idOf(order.symbol),
  side: order.side.toUpperCase(), positionSide: 'BOTH', timeInForce: 'GTC', quantity: order.quantity.toFixed(5), algoStatus: algoStatus(order),
  actualOrderId: order.triggeredAt === null ? '' : String(marketOrderId(order)), triggerPrice: order.stopPrice?.toFixed(2) ?? '0.00', price: '0.00', icebergQuantity: null,
  selfTradePreventionMode: 'NONE', workingType: 'CONTRACT_PRICE', priceMatch: 'NONE', closePosition: false, priceProtect: false, reduceOnly: order.reduceOnly,
  createTime: order.at, updateTime: order.at, triggerTime: order.triggeredAt ?? 0, goodTillDate: 0,
});

/** Speaks the REST of Binance's USD-margined futures over a venue. */
export const startBinanceusdm = (venue: LoopbackVenue): Promise<RunningVenue> => {
  const symbolOf = (id: string): string => venue.markets.find((market) => idOf(market.symbol) === id)?.symbol ?? id;
  const refused = ({ refusal }: Applied): WireReply => binanceError(400, ...REFUSALS[refusal ?? 'NO_PRICE']);
  const side = (fields: WireRequest['fields']): 'buy' | 'sell' => (fields['side'] === 'BUY' ? 'buy' : 'sell');
  const decimal = (text: string | undefined): Decimal | null => (text === undefined ? null : new Decimal(text));
  /** Orders of the market: what never was a stop, and what came of one. */
  const inMarket = (fields: WireRequest['fields']): VenueOrder | null => {
    if (fields['orderId'] !== undefined) return venue.engine.allOrders().find((order) => String(marketOrderId(order)) === fields['orderId'] && (!isWaitingOrWas(order) || order.triggeredAt !== null)) ?? null;
    const order = venue.engine.find(fields['origClientOrderId'] ?? '');
    return order === null || isWaitingOrWas(order) ? null : order;
  };
  const algo = (fields: WireRequest['fields']): VenueOrder | null => {
    const order = fields['clientAlgoId'] === undefined ? venue.byExchangeId(`P${fields['algoId'] ?? ''}`) : venue.engine.find(fields['clientAlgoId']);
    return order !== null && isWaitingOrWas(order) ? order : null;
  };
  const place = ({ fields }: WireRequest): WireReply => {
    if (!/^[.A-Z:/a-z0-9_-]{1,36}$/.test(fields['newClientOrderId'] ?? '')) return binanceError(400, -4015, 'Client order id is not valid.');
    if (fields['type'] === 'STOP_MARKET') return binanceError(400, -4120, 'Order type not supported for this endpoint. Please use the Algo Order API endpoints instead.');
    const applied = venue.place({
      clientOrderId: fields['newClientOrderId'] ?? '', symbol: symbolOf(fields['symbol'] ?? ''), side: side(fields), quantity: new Decimal(fields['quantity'] ?? '0'),
      limit: fields['type'] === 'LIMIT' ? decimal(fields['price']) : null, stopPrice: null,
      timeInForce: fields['timeInForce'] === 'GTX' ? 'POST_ONLY' : fields['type'] === 'MARKET' || fields['timeInForce'] === 'IOC' ? 'IOC' : 'GTC', reduceOnly: fields['reduceOnly'] === 'true',
    });
    return applied.refusal !== null || applied.order === null ? refused(applied) : { status: 200, body: orderBody(applied.order) };
  };
  const placeAlgo = ({ fields }: WireRequest): WireReply => {
    if (fields['algoType'] !== 'CONDITIONAL' || fields['type'] !== 'STOP_MARKET') return binanceError(400, -1116, 'Invalid orderType.');
    const applied = venue.place({
      clientOrderId: fields['clientAlgoId'] ?? '', symbol: symbolOf(fields['symbol'] ?? ''), side: side(fields), quantity: new Decimal(fields['quantity'] ?? '0'),
      limit: null, stopPrice: decimal(fields['triggerPrice']), timeInForce: 'GTC', reduceOnly: fields['reduceOnly'] === 'true',
    });
    return applied.refusal !== null || applied.order === null ? refused(applied) : { status: 200, body: algoBody(applied.order) };
  };
  const cancelled = (order: VenueOrder | null, body: (order: VenueOrder) => unknown): WireReply => {
    const ended = order !== null && isLive(order.status) ? venue.cancel(order.clientOrderId).order : null;
    return ended === null ? binanceError(400, ...REFUSALS.ORDER_UNKNOWN) : { status: 200, body: body(ended) };
  };
  const placeMany = (request: WireRequest): WireReply => {
    const items = JSON.parse(request.fields['batchOrders'] ?? '[]') as readonly unknown[];
    if (items.length > MOST_PLACED) return binanceError(400, -4082, 'Invalid number of batch place orders.');
    return { status: 200, body: items.map((item) => place({ ...request, fields: fieldsIn(item) }).body) };
  };
  const cancelMany = ({ fields }: WireRequest): WireReply => {
    const ids = JSON.parse(fields['origclientorderidlist'] ?? '[]') as readonly string[];
    if (ids.length === 0 || ids.length > MOST_CANCELLED) return binanceError(400, -4083, 'Invalid number of batch cancel orders.');
    const one = (origClientOrderId: string): unknown => cancelled(ofSymbol(inMarket({ origClientOrderId }), fields['symbol']), orderBody).body;
    return { status: 200, body: ids.map(one) };
  };
  const modify = ({ fields }: WireRequest): WireReply => {
    const order = inMarket(fields);
    if (order === null || !isLive(order.status)) return binanceError(400, -2013, 'Order does not exist.');
    const applied = venue.amend(order.clientOrderId, { quantity: new Decimal(fields['quantity'] ?? '0'), limit: decimal(fields['price']), stopPrice: null });
    return applied.refusal !== null || applied.order === null ? refused(applied) : { status: 200, body: orderBody(applied.order) };
  };
  const found = (order: VenueOrder | null, body: (order: VenueOrder) => unknown): WireReply =>
    order === null || (order.status === 'REJECTED' && !venue.hasCrossed(order)) ? binanceError(400, -2013, 'Order does not exist.') : { status: 200, body: body(order) };
  const trades = ({ fields }: WireRequest): WireReply => {
    const all = venue.engine.allOrders().flatMap((order) => order.fills.map((fill) => ({ fill, orderId: marketOrderId(order) })));
    const wanted = all
      .filter(({ fill, orderId }) => idOf(fill.symbol) === fields['symbol'] && (fields['orderId'] === undefined || String(orderId) === fields['orderId']) &&
        (fields['fromId'] === undefined || numberOf(fill.tradeId) >= Number(fields['fromId'])))
      .toSorted((a, b) => a.fill.sequence - b.fill.sequence)
      .slice(0, Number(fields['limit'] ?? '500'));
    return { status: 200, body: wanted.map(({ fill, orderId }) => tradeBody(fill, orderId)) };
  };
  const positions = ({ fields }: WireRequest): WireReply => ({
    status: 200,
    body: venue.engine.holdings().filter(({ symbol }) => fields['symbol'] === undefined || fields['symbol'] === idOf(symbol)).map((held) => ({
      symbol: idOf(held.symbol), positionSide: 'BOTH', positionAmt: held.quantity.toFixed(5), entryPrice: held.averagePrice.toFixed(8), breakEvenPrice: '0', markPrice: venue.lastPrice(held.symbol),
      unRealizedProfit: '0', liquidationPrice: '0', isolatedMargin: '0', notional: '0', marginAsset: 'USDT', isolatedWallet: '0', updateTime: venue.now(),
    })),
  });
  const tickers = (): WireReply => ({
    status: 200,
    body: [...venue.engine.quotes()].map(([symbol, { price, at }]) => ({
      symbol: idOf(symbol), priceChange: '0', lastPrice: price.toFixed(2), lastQty: '1', openPrice: price.toFixed(2), highPrice: price.toFixed(2), lowPrice: price.toFixed(2),
      volume: '1', quoteVolume: '1', openTime: at - 1, closeTime: at, firstId: 1, lastId: 2, count: 2,
    })),
  });
  return startLoopback(venue, {
    admit: (request) => admitBinance(venue, request),
    limited: (seconds) => ({ ...binanceError(429, -1003, 'Too many requests queued.'), headers: { 'retry-after': String(seconds) } }),
    headers: () => ({ 'x-mbx-used-weight-1m': String(venue.calls.length), 'x-mbx-order-count-10s': '1' }),
    routes: [
      { method: 'GET', path: /^\/fapi\/v1\/exchangeInfo$/, call: 'public', answer: () => ({ status: 200, body: { timezone: 'UTC', serverTime: venue.now(), rateLimits: [], exchangeFilters: [], assets: [], symbols: venue.markets.map(symbolInfo) } }) },
      { method: 'GET', path: /^\/fapi\/v1\/ticker\/24hr$/, call: 'public', answer: tickers },
      { method: 'POST', path: /^\/fapi\/v1\/order$/, call: 'place', answer: place },
      { method: 'POST', path: /^\/fapi\/v1\/batchOrders$/, call: 'place', answer: placeMany },
      { method: 'DELETE', path: /^\/fapi\/v1\/batchOrders$/, call: 'cancel', answer: cancelMany },
      { method: 'PUT', path: /^\/fapi\/v1\/order$/, call: 'amend', answer: modify },
      { method: 'DELETE', path: /^\/fapi\/v1\/order$/, call: 'cancel', answer: ({ fields }) => cancelled(inMarket(fields), orderBody) },
      { method: 'GET', path: /^\/fapi\/v1\/order$/, call: 'read', answer: ({ fields }) => found(inMarket(fields), orderBody) },
      { method: 'GET', path: /^\/fapi\/v1\/openOrders$/, call: 'read', answer: () => ({ status: 200, body: venue.engine.openOrders().map(orderBody) }) },
      { method: 'POST', path: /^\/fapi\/v1\/algoOrder$/, call: 'place', answer: placeAlgo },
      {
        method: 'DELETE', path: /^\/fapi\/v1\/algoOrder$/, call: 'cancel',
        answer: ({ fields }) => cancelled(algo(fields), (order) => ({ algoId: numberOf(order.exchangeOrderId), clientAlgoId: order.clientOrderId, code: '200', msg: 'success' })),
      },
      { method: 'GET', path: /^\/fapi\/v1\/algoOrder$/, call: 'read', answer: ({ fields }) => found(algo(fields), algoBody) },
      { method: 'GET', path: /^\/fapi\/v1\/openAlgoOrders$/, call: 'read', answer: () => ({ status: 200, body: venue.engine.conditionalOrders().map(algoBody) }) },
      { method: 'GET', path: /^\/fapi\/v1\/userTrades$/, call: 'read', answer: trades },
      { method: 'GET', path: /^\/fapi\/v3\/positionRisk$/, call: 'read', answer: positions },
      apiRestrictions(venue),
      { method: 'GET', path: /^\/fapi\/v3\/account$/, call: 'read', answer: () => ({ status: 200, body: { totalMarginBalance: venue.engine.equity().toFixed(8), assets: [], positions: [] } }) },
    ],
  });
};

const tradeBody = (fill: VenueFill, orderId: number): unknown => ({
  buyer: fill.side === 'buy', commission: fill.fee.toFixed(8), commissionAsset: fill.feeIn === 'BASE' ? fill.symbol.split('/')[0] : 'USDT', id: numberOf(fill.tradeId), maker: fill.liquidity === 'MAKER', orderId,
  price: fill.price.toFixed(2), qty: fill.quantity.toFixed(5), quoteQty: fill.price.times(fill.quantity).toFixed(8), realizedPnl: '0', side: fill.side.toUpperCase(), positionSide: 'BOTH',
  symbol: idOf(fill.symbol), time: fill.at,
});
