// Bybit's v5 REST as its documentation has it (market/instruments-info, market/tickers; order/create, amend, cancel, realtime, history;
// execution/list, position/list, account/wallet-balance; X-BAPI-SIGN: HMAC SHA256 of time, key, window and query or body).
import { createHmac } from 'node:crypto';
import type { Applied, RefusalCode, VenueOrder } from '../../shared/adapters/paper/venue-model.ts';
import { averagePrice } from '../../shared/adapters/paper/venue-ledger.ts';
import { Decimal, toPlain } from '../../shared/domain/decimal.ts';
import { isLive } from '../../shared/domain/order-lifecycle.ts';
import type { Market } from '../../shared/ports.ts';
import { API_KEY, SECRET, fieldsIn, startLoopback } from './loopback-venue.ts';
import type { LoopbackVenue, RunningVenue, WireReply, WireRequest } from './loopback-venue.ts';

const AHEAD_MS = 1_000;

const REFUSALS: Readonly<Record<RefusalCode, readonly [code: number, message: string]>> = {
  UNKNOWN_SYMBOL: [10001, 'params error: symbol invalid'],
  NO_PRICE: [110003, 'Order price exceeds the allowable range.'],
  TICK_SIZE: [10001, 'params error: price invalid'],
  LOT_SIZE: [10001, 'Qty invalid'],
  MIN_QUANTITY: [10001, 'The number of contracts exceeds minimum limit allowed'],
  MIN_NOTIONAL: [110094, 'Order notional value below the lower limit'],
  PRICE_BAND: [110003, 'Order price exceeds the allowable range.'],
  REDUCE_ONLY: [110017, 'current position is zero, cannot fix reduce-only order qty'],
  INSUFFICIENT_FUNDS: [110007, 'ab not enough for new order'],
  WOULD_TRIGGER: [110093, 'expect Falling, but trigger_price[10000] >= current[9990]'],
  WOULD_CROSS: [170218, 'The LIMIT-MAKER order is rejected due to invalid price.'],
  NO_ICEBERGS: [10001, 'params error'],
  DUPLICATE_CLIENT_ORDER_ID: [110072, 'OrderLinkedID is duplicate'],
  ORDER_UNKNOWN: [110001, 'order not exists or too late to cancel'],
  ORDER_CLOSED: [110001, 'order not exists or too late to cancel'],
  NOT_AMENDABLE: [110001, 'order not exists or too late to replace'],
  QUANTITY_ALREADY_FILLED: [10001, 'Qty invalid'],
};

const idOf = (symbol: string): string => symbol.replace('/', '');
const uuid = (order: VenueOrder): string => `00000000-0000-4000-8000-${order.exchangeOrderId.slice(1).padStart(12, '0')}`;

const instrument = ({ symbol, rules }: Market): unknown => {
  const [baseCoin = '', quoteCoin = ''] = symbol.split('/');
  return {
    symbol: idOf(symbol), contractType: 'LinearPerpetual', status: 'Trading', baseCoin, quoteCoin, settleCoin: quoteCoin, launchTime: '1585526400000', deliveryTime: '0', priceScale: '2',
    leverageFilter: { minLeverage: '1', maxLeverage: '100.00', leverageStep: '0.01' },
    priceFilter: { minPrice: toPlain(rules.tickSize), maxPrice: '1999999.80', tickSize: toPlain(rules.tickSize) },
    lotSizeFilter: { maxOrderQty: '1190.000', minOrderQty: toPlain(rules.minQuantity), qtyStep: toPlain(rules.lotSize), minNotionalValue: toPlain(rules.minNotional) },
    unifiedMarginTrade: true, fundingInterval: 480, isPreListing: false,
  };
};

const statusOf = (order: VenueOrder): string => {
  if (order.stopPrice !== null && order.triggeredAt === null && isLive(order.status)) return 'Untriggered';
  const isPart = order.filledQuantity.greaterThan(0) && order.filledQuantity.lessThan(order.quantity);
  if (isLive(order.status)) return isPart ? 'PartiallyFilled' : 'New';
  if (order.status === 'FILLED') return 'Filled';
  return order.status === 'REJECTED' ? 'Rejected' : isPart ? 'PartiallyFilledCanceled' : order.triggeredAt === null && order.stopPrice !== null ? 'Deactivated' : 'Cancelled';
};

const orderBody = (order: VenueOrder): unknown => ({
  orderId: uuid(order), orderLinkId: order.clientOrderId, symbol: idOf(order.symbol), price: order.limit === null ? '0' : toPlain(order.limit), qty: toPlain(order.quantity),
  side: order.side === 'buy' ? 'Buy' : 'Sell', isLeverage: '', positionIdx: 0, orderStatus: statusOf(order), cancelType: 'UNKNOWN', rejectReason: order.refusal === 'WOULD_CROSS' ? 'EC_PostOnlyWillTakeLiquidity' : 'EC_NoError',
  avgPrice: order.filledQuantity.isZero() ? '' : averagePrice(order.filledNotional, order.filledQuantity).toFixed(8), leavesQty: toPlain(order.quantity.minus(order.filledQuantity)),
  leavesValue: '0', cumExecQty: toPlain(order.filledQuantity), cumExecValue: toPlain(order.filledNotional), cumExecFee: '0', timeInForce: order.timeInForce === 'POST_ONLY' ? 'PostOnly' : order.timeInForce,
  orderType: order.limit === null ? 'Market' : 'Limit', stopOrderType: order.stopPrice === null ? '' : 'Stop', triggerPrice: order.stopPrice === null ? '' : toPlain(order.stopPrice),
  takeProfit: '', stopLoss: '', tpslMode: 'UNKNOWN', triggerDirection: order.stopPrice === null ? 0 : order.side === 'buy' ? 1 : 2, triggerBy: 'LastPrice', reduceOnly: order.reduceOnly,
  closeOnTrigger: false, createdTime: String(order.at), updatedTime: String(order.at),
});

/** Speaks Bybit's v5 REST over a venue. */
export const startBybit = (venue: LoopbackVenue): Promise<RunningVenue> => {
  const fine = (result: unknown): WireReply => ({ status: 200, body: { retCode: 0, retMsg: 'OK', result, retExtInfo: {}, time: venue.now() } });
  const wrong = (retCode: number, retMsg: string): WireReply => ({ status: 200, body: { retCode, retMsg, result: {}, retExtInfo: {}, time: venue.now() } });
  const symbolOf = (id: string): string => venue.markets.find(({ symbol }) => idOf(symbol) === id)?.symbol ?? id;
  const orders = (): readonly VenueOrder[] => venue.orders().toReversed();
  const isStop = (order: VenueOrder): boolean => order.stopPrice !== null && order.triggeredAt === null;
  const admit = ({ headers, query, body }: WireRequest): WireReply | null => {
    const header = (name: string): string => String(headers[name] ?? '');
    if (header('x-bapi-api-key') !== API_KEY) return wrong(10003, 'API key is invalid.');
    const time = header('x-bapi-timestamp');
    const window = header('x-bapi-recv-window');
    const expected = createHmac('sha256', SECRET).update(`${time}${API_KEY}${window}${body === '' ? query : body}`).digest('hex');
    if (header('x-bapi-sign') !== expected) return wrong(10004, 'error sign! origin_string[]');
    const age = venue.now() - Number(time);
    return age > Number(window) || age < -AHEAD_MS ? wrong(10002, 'invalid request, please check your server timestamp or recv_window param') : null;
  };
  const answerOf = ({ refusal, order }: Applied): WireReply =>
    refusal !== null || order === null ? wrong(...REFUSALS[refusal ?? 'NO_PRICE']) : fine({ orderId: uuid(order), orderLinkId: order.clientOrderId });
  const decimal = (text: string | undefined): Decimal | null => (text === undefined || text === '' ? null : new Decimal(text));
  const place = ({ fields }: WireRequest): WireReply => {
    if (fields['category'] !== 'linear' || !/^[A-Za-z0-9_-]{1,36}$/.test(fields['orderLinkId'] ?? '')) return wrong(10001, 'params error: orderLinkId invalid');
    if (fields['triggerPrice'] !== undefined && fields['triggerDirection'] !== (fields['side'] === 'Buy' ? '1' : '2')) return wrong(10001, 'TriggerDirection invalid');
    return answerOf(venue.place({
      clientOrderId: fields['orderLinkId'] ?? '', symbol: symbolOf(fields['symbol'] ?? ''), side: fields['side'] === 'Buy' ? 'buy' : 'sell', quantity: new Decimal(fields['qty'] ?? '0'),
      limit: fields['orderType'] === 'Limit' ? decimal(fields['price']) : null, stopPrice: decimal(fields['triggerPrice']),
      timeInForce: fields['timeInForce'] === 'PostOnly' ? 'POST_ONLY' : fields['orderType'] === 'Market' || fields['timeInForce'] === 'IOC' ? 'IOC' : 'GTC', reduceOnly: fields['reduceOnly'] === 'true',
    }));
  };
  const live = (fields: WireRequest['fields']): VenueOrder | null => {
    const order = venue.engine.find(fields['orderLinkId'] ?? '');
    return order !== null && isLive(order.status) ? order : null;
  };
  const cancel = ({ fields }: WireRequest): WireReply => {
    const order = live(fields);
    return order === null ? wrong(...REFUSALS.ORDER_UNKNOWN) : answerOf(venue.cancel(order.clientOrderId));
  };
  /** Both lists have a part for each, in the same order. */
  const many = (request: WireRequest, one: (each: WireRequest) => WireReply): WireReply => {
    const { category, request: items } = JSON.parse(request.body) as { readonly category: string; readonly request: readonly object[] };
    if (items.length > 20) return wrong(10001, 'params error: too many orders');
    const replies = items.map((item) => one({ ...request, fields: fieldsIn({ ...item, category }) }).body as { readonly retCode: number; readonly retMsg: string; readonly result: object });
    const empty = { orderId: '', orderLinkId: '' };
    return {
      status: 200,
      body: {
        retCode: 0, retMsg: 'OK', result: { list: replies.map(({ retCode, result }) => (retCode === 0 ? result : empty)) },
        retExtInfo: { list: replies.map(({ retCode, retMsg }) => ({ code: retCode, msg: retMsg })) }, time: venue.now(),
      },
    };
  };
  const amend = ({ fields }: WireRequest): WireReply => {
    const order = live(fields);
    if (order === null) return wrong(...REFUSALS.NOT_AMENDABLE);
    return answerOf(venue.amend(order.clientOrderId, {
      quantity: new Decimal(fields['qty'] ?? order.quantity), limit: order.stopPrice === null ? decimal(fields['price']) : null, stopPrice: order.stopPrice === null ? null : decimal(fields['triggerPrice']),
    }));
  };
  const paged = (fields: WireRequest['fields'], list: readonly unknown[], usual: number): WireReply => {
    const from = Number(fields['cursor'] ?? '0');
    const until = from + Math.min(Number(fields['limit'] ?? usual), usual === 20 ? 50 : 100);
    return fine({ category: 'linear', nextPageCursor: until < list.length ? String(until) : '', list: list.slice(from, until) });
  };
  const listed = ({ fields }: WireRequest, ended: boolean): WireReply => {
    const fits = orders().filter((order) =>
      (fields['symbol'] === undefined || fields['symbol'] === idOf(order.symbol)) && (fields['orderLinkId'] === undefined || fields['orderLinkId'] === order.clientOrderId) &&
      (fields['orderFilter'] === undefined || (fields['orderFilter'] === 'StopOrder') === isStop(order)) && (ended ? !isLive(order.status) : isLive(order.status)));
    return paged(fields, fits.map(orderBody), 20);
  };
  const executions = ({ fields }: WireRequest): WireReply => {
    const from = Number(fields['startTime'] ?? '0');
    const until = Number(fields['endTime'] ?? Infinity);
    const found = orders().flatMap((order) => order.fills.map((fill) => ({ fill, order })))
      .filter(({ fill, order }) => fill.at >= from && fill.at <= until && (fields['orderId'] === undefined || fields['orderId'] === uuid(order)))
      .toSorted((a, b) => b.fill.sequence - a.fill.sequence);
    return paged(fields, found.map(({ fill, order }) => ({
      symbol: idOf(fill.symbol), orderId: uuid(order), orderLinkId: order.clientOrderId, side: fill.side === 'buy' ? 'Buy' : 'Sell', orderPrice: toPlain(fill.price), orderQty: toPlain(order.quantity),
      leavesQty: '0', createType: 'CreateByUser', orderType: order.limit === null ? 'Market' : 'Limit', stopOrderType: 'UNKNOWN', execFee: toPlain(fill.fee),
      feeCurrency: '', execId: fill.tradeId, execPrice: toPlain(fill.price), execQty: toPlain(fill.quantity), execType: 'Trade', execValue: toPlain(fill.price.times(fill.quantity)),
      execTime: String(fill.at), isMaker: fill.liquidity === 'MAKER', feeRate: '0.0006', seq: fill.sequence,
    })), 50);
  };
  const positions = ({ fields }: WireRequest): WireReply => paged(fields, venue.engine.holdings().filter(({ symbol }) => fields['symbol'] === undefined || fields['symbol'] === idOf(symbol)).map((held) => ({
    positionIdx: 0, symbol: idOf(held.symbol), side: held.quantity.isNegative() ? 'Sell' : 'Buy', size: toPlain(held.quantity.abs()), avgPrice: toPlain(held.averagePrice), positionValue: '0',
  })), 20);
  const tickers = (): WireReply => fine({
    category: 'linear',
    list: [...venue.engine.quotes()].map(([symbol, { price }]) => {
      const text = toPlain(price);
      return { symbol: idOf(symbol), lastPrice: text, indexPrice: text, markPrice: text, prevPrice24h: text, highPrice24h: text, lowPrice24h: text, turnover24h: '1', volume24h: '1', ask1Price: text, bid1Price: text, ask1Size: '1', bid1Size: '1' };
    }),
  });
  const route = (method: string, path: string, call: 'place' | 'cancel' | 'amend' | 'read' | 'public', answer: (request: WireRequest) => WireReply) => ({ method, path: new RegExp(`^/v5/${path}$`), call, answer });
  return startLoopback(venue, {
    admit,
    limited: (seconds) => ({ ...wrong(10006, 'Too many visits. Exceeded the API Rate Limit.'), headers: { 'x-bapi-limit-status': '0', 'x-bapi-limit-reset-timestamp': String(venue.now() + seconds * 1000) } }),
    headers: () => ({ 'x-bapi-limit': '10', 'x-bapi-limit-status': '9' }),
    routes: [
      route('GET', 'market/instruments-info', 'public', ({ fields }) => fine({ category: 'linear', nextPageCursor: '', list: fields['status'] === 'PreLaunch' ? [] : venue.markets.map(instrument) })),
      route('GET', 'market/tickers', 'public', tickers),
      route('POST', 'order/create', 'place', place),
      route('POST', 'order/cancel', 'cancel', cancel),
      route('POST', 'order/create-batch', 'place', (request) => many(request, place)),
      route('POST', 'order/cancel-batch', 'cancel', (request) => many(request, cancel)),
      route('POST', 'order/amend', 'amend', amend),
      route('GET', 'order/realtime', 'read', (request) => listed(request, false)),
      route('GET', 'order/history', 'read', (request) => listed(request, true)),
      route('GET', 'execution/list', 'read', executions),
      route('GET', 'position/list', 'read', positions),
      route('GET', 'user/query-api', 'read', () => fine({
        id: '13770661', note: 'test', apiKey: API_KEY, readOnly: 0, secret: '', ips: ['*'], type: 1, uta: 1, userID: 1, isMaster: true, parentUid: '0',
        permissions: {
          ContractTrade: ['Order', 'Position'], Spot: ['SpotTrade'], Wallet: ['AccountTransfer', ...(venue.keyCanWithdraw ? ['Withdraw'] : [])], Options: [], Derivatives: ['DerivativesTrade'], CopyTrading: [],
          BlockTrade: [], Exchange: [], NFT: [], Affiliate: [], Earn: [],
        },
      })),
      route('GET', 'account/wallet-balance', 'read', () => fine({ list: [{ accountType: 'UNIFIED', totalEquity: toPlain(venue.engine.equity()), totalWalletBalance: toPlain(venue.engine.cash()), coin: [] }] })),
    ],
  });
};
