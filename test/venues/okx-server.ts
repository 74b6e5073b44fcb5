// OKX's v5 REST as its documentation has it (public/instruments, market/tickers; trade/order, cancel-order, amend-order, orders-pending,
// order-algo, cancel-algos, amend-algos, orders-algo-pending, fills-history; account/balance; OK-ACCESS-SIGN: HMAC SHA256, base64).
import { createHmac } from 'node:crypto';
import type { Applied, RefusalCode, VenueFill, VenueOrder } from '../../shared/adapters/paper/venue-model.ts';
import { averagePrice } from '../../shared/adapters/paper/venue-ledger.ts';
import { Decimal, toPlain } from '../../shared/domain/decimal.ts';
import { isLive } from '../../shared/domain/order-lifecycle.ts';
import type { Market } from '../../shared/ports.ts';
import { API_KEY, SECRET, fieldsIn, numberOf, startLoopback } from './loopback-venue.ts';
import type { LoopbackVenue, RunningVenue, WireReply, WireRequest } from './loopback-venue.ts';

export const PASSPHRASE = 'a phrase of the test';
const LONGEST_SKEW_MS = 30_000;
const PAGE = 100;
/** Orders that came of a stop have numbers of their own. */
const OF_A_STOP = 5_000_000;

const REFUSALS: Readonly<Record<RefusalCode, readonly [code: string, message: string]>> = {
  UNKNOWN_SYMBOL: ['51001', "Instrument ID doesn't exist."],
  NO_PRICE: ['51021', 'The pair or contract is not yet listed'],
  TICK_SIZE: ['51000', 'Parameter px error'],
  LOT_SIZE: ['51121', 'Order quantity must be a multiple of the lot size.'],
  MIN_QUANTITY: ['51020', 'Your order should meet or exceed the minimum order amount.'],
  MIN_NOTIONAL: ['51020', 'Your order should meet or exceed the minimum order amount.'],
  PRICE_BAND: ['51006', 'Order price is not within the price limit'],
  REDUCE_ONLY: ['51008', 'Order failed. Insufficient balance in account.'],
  INSUFFICIENT_FUNDS: ['51008', 'Order failed. Insufficient balance in account.'],
  WOULD_TRIGGER: ['51280', 'SL trigger price cannot be higher than the last price'],
  // Never said: such an order is taken, and cancelled at once with a source of 31.
  WOULD_CROSS: ['51000', 'Parameter ordType error'],
  NO_ICEBERGS: ['51000', 'Parameter error'],
  DUPLICATE_CLIENT_ORDER_ID: ['51016', 'Client order ID already exists.'],
  ORDER_UNKNOWN: ['51400', 'Cancellation failed as the order has been filled, canceled or does not exist'],
  ORDER_CLOSED: ['51400', 'Cancellation failed as the order has been filled, canceled or does not exist'],
  NOT_AMENDABLE: ['51503', 'Order modification failed as the order does not exist.'],
  QUANTITY_ALREADY_FILLED: ['51000', 'Parameter newSz error'],
};

const idOf = (symbol: string): string => symbol.replace('/', '-');
const isStop = (order: VenueOrder): boolean => order.stopPrice !== null;
const ordId = (order: VenueOrder): string => String(numberOf(order.exchangeOrderId) + (isStop(order) ? OF_A_STOP : 0));
const algoId = (order: VenueOrder): string => String(numberOf(order.exchangeOrderId));

const instrument = ({ symbol, rules }: Market): unknown => {
  const [baseCcy = '', quoteCcy = ''] = symbol.split('/');
  return {
    instType: 'SPOT', instId: idOf(symbol), uly: '', instFamily: '', baseCcy, quoteCcy, settleCcy: '', ctVal: '', ctMult: '', ctValCcy: '', optType: '', stk: '', listTime: '1606468572000', expTime: '',
    lever: '10', tickSz: toPlain(rules.tickSize), lotSz: toPlain(rules.lotSize), minSz: toPlain(rules.minQuantity), ctType: '', alias: '', state: 'live', maxLmtSz: '9999999999', maxMktSz: '1000000',
  };
};

const stateOf = (order: VenueOrder): string => {
  if (isLive(order.status)) return order.status === 'PARTIALLY_FILLED' ? 'partially_filled' : 'live';
  return order.status === 'FILLED' ? 'filled' : 'canceled';
};

const orderBody = (order: VenueOrder): unknown => ({
  instType: 'SPOT', instId: idOf(order.symbol), tgtCcy: order.limit === null ? 'base_ccy' : '', ccy: '', ordId: ordId(order), clOrdId: isStop(order) ? '' : order.clientOrderId, tag: '',
  px: order.limit === null ? '' : toPlain(order.limit), sz: toPlain(order.quantity), pnl: '0', ordType: order.limit === null ? 'market' : order.timeInForce === 'IOC' ? 'ioc' : order.timeInForce === 'POST_ONLY' ? 'post_only' : 'limit', side: order.side,
  posSide: 'net', tdMode: 'cash', accFillSz: toPlain(order.filledQuantity), fillPx: '', tradeId: '', fillSz: '0', fillTime: '', state: stateOf(order), cancelSource: order.refusal === 'WOULD_CROSS' ? '31' : '',
  avgPx: order.filledQuantity.isZero() ? '' : averagePrice(order.filledNotional, order.filledQuantity).toFixed(8), lever: '', tpTriggerPx: '', slTriggerPx: '', slOrdPx: '', feeCcy: '', fee: '0',
  rebateCcy: '', rebate: '0', category: 'normal', reduceOnly: 'false', algoClOrdId: isStop(order) ? order.clientOrderId : '', algoId: '', uTime: String(order.at), cTime: String(order.at),
});

const algoState = (order: VenueOrder): string => (order.triggeredAt !== null ? 'effective' : isLive(order.status) ? 'live' : 'canceled');

const algoBody = (order: VenueOrder): unknown => ({
  instType: 'SPOT', instId: idOf(order.symbol), ordId: order.triggeredAt === null ? '' : ordId(order), ordIdList: order.triggeredAt === null ? [] : [ordId(order)], ccy: '', clOrdId: '',
  algoId: algoId(order), algoClOrdId: order.clientOrderId, sz: toPlain(order.quantity), closeFraction: '', ordType: 'conditional', side: order.side, posSide: 'net', tdMode: 'cash', tgtCcy: '',
  state: algoState(order), lever: '', tpTriggerPx: '', tpOrdPx: '', slTriggerPx: toPlain(order.stopPrice ?? new Decimal(0)), slTriggerPxType: 'last', slOrdPx: '-1', triggerPx: '', ordPx: '',
  actualSz: '', actualPx: '', actualSide: '', triggerTime: '', last: '', failCode: '', reduceOnly: 'false', cTime: String(order.at), uTime: String(order.at),
});

/** Speaks OKX's v5 REST over a venue. */
export const startOkx = (venue: LoopbackVenue): Promise<RunningVenue> => {
  const fine = (data: readonly unknown[]): WireReply => ({ status: 200, body: { code: '0', msg: '', data } });
  const wrong = (code: string, msg: string, status = 200): WireReply => ({ status, body: { code, msg, data: [] } });
  const failed = ([sCode, sMsg]: readonly [string, string]): WireReply => ({ status: 200, body: { code: '1', msg: 'All operations failed', data: [{ ordId: '', clOrdId: '', algoId: '', sCode, sMsg }] } });
  const symbolOf = (id: string): string => venue.markets.find(({ symbol }) => idOf(symbol) === id)?.symbol ?? id;
  const orders = (): readonly VenueOrder[] => venue.orders().toReversed();
  const admit = ({ method, path, query, body, headers }: WireRequest): WireReply | null => {
    const header = (name: string): string => String(headers[name] ?? '');
    if (header('ok-access-key') !== API_KEY) return wrong('50111', 'Invalid OK-ACCESS-KEY', 401);
    if (header('ok-access-passphrase') !== PASSPHRASE) return wrong('50105', 'Your passphrase is incorrect.', 401);
    const time = header('ok-access-timestamp');
    const expected = createHmac('sha256', SECRET).update(`${time}${method}${path}${query === '' ? '' : `?${query}`}${body}`).digest('base64');
    if (header('ok-access-sign') !== expected) return wrong('50113', 'Invalid signature', 401);
    return Math.abs(venue.now() - Date.parse(time)) > LONGEST_SKEW_MS ? wrong('50102', 'Timestamp request expired', 401) : null;
  };
  const decimal = (text: string | undefined): Decimal | null => (text === undefined || text === '' ? null : new Decimal(text));
  const answerOf = ({ refusal, order }: Applied, body: (order: VenueOrder) => unknown): WireReply =>
    refusal !== null || order === null ? failed(REFUSALS[refusal ?? 'NO_PRICE']) : fine([body(order)]);
  const terms = (fields: WireRequest['fields']) =>
    ({ symbol: symbolOf(fields['instId'] ?? ''), side: fields['side'] === 'sell' ? ('sell' as const) : ('buy' as const), quantity: new Decimal(fields['sz'] ?? '0') });
  const place = ({ fields }: WireRequest): WireReply => {
    if (!/^[A-Za-z0-9]{1,32}$/.test(fields['clOrdId'] ?? '')) return failed(['51000', 'Parameter clOrdId error']);
    if (fields['tdMode'] !== 'cash') return failed(['51000', 'Parameter tdMode error']);
    const { ordType } = fields;
    return answerOf(
      venue.place({ ...terms(fields), clientOrderId: fields['clOrdId'] ?? '', limit: ordType === 'market' ? null : decimal(fields['px']), stopPrice: null, timeInForce: ordType === 'limit' ? 'GTC' : ordType === 'post_only' ? 'POST_ONLY' : 'IOC' }),
      (order) => ({ ordId: ordId(order), clOrdId: order.clientOrderId, tag: '', ts: String(order.at), sCode: '0', sMsg: '' }),
    );
  };
  const placeAlgo = ({ fields }: WireRequest): WireReply => {
    if (!/^[A-Za-z0-9]{1,32}$/.test(fields['algoClOrdId'] ?? '')) return failed(['51000', 'Parameter algoClOrdId error']);
    if (fields['tdMode'] !== 'cash' || fields['ordType'] !== 'conditional' || fields['slOrdPx'] !== '-1') return failed(['51000', 'Parameter tdMode error']);
    return answerOf(
      venue.place({ ...terms(fields), clientOrderId: fields['algoClOrdId'] ?? '', limit: null, stopPrice: decimal(fields['slTriggerPx']), timeInForce: 'GTC' }),
      (order) => ({ algoId: algoId(order), clOrdId: '', algoClOrdId: order.clientOrderId, sCode: '0', sMsg: '' }),
    );
  };
  const named = (id: string | undefined, algo: boolean): VenueOrder | null => {
    const order = venue.find(id ?? '');
    return order !== null && isStop(order) === algo ? order : null;
  };
  const cancel = (order: VenueOrder | null): WireReply =>
    order === null || !isLive(order.status) ? failed(REFUSALS.ORDER_UNKNOWN) : answerOf(venue.cancel(order.clientOrderId), (ended) => ({ ordId: ordId(ended), clOrdId: ended.clientOrderId, algoId: algoId(ended), sCode: '0', sMsg: '' }));
  const amend = (order: VenueOrder | null, fields: WireRequest['fields']): WireReply => {
    if (order === null || !isLive(order.status)) return failed(REFUSALS.NOT_AMENDABLE);
    return answerOf(
      venue.amend(order.clientOrderId, { quantity: decimal(fields['newSz']) ?? order.quantity, limit: isStop(order) ? null : decimal(fields['newPx']), stopPrice: isStop(order) ? decimal(fields['newSlTriggerPx']) : null }),
      (amended) => ({ ordId: ordId(amended), clOrdId: amended.clientOrderId, algoId: algoId(amended), sCode: '0', sMsg: '' }),
    );
  };
  /** Each part has our id and a code of its own; the whole says whether all, some or none went well. */
  const many = (request: WireRequest, one: (each: WireRequest) => WireReply): WireReply => {
    const items = JSON.parse(request.body) as readonly { readonly clOrdId: string }[];
    if (items.length > 20) return wrong('50014', 'Parameter can not exceed 20');
    const data = items.map((item) => ({ ...(one({ ...request, fields: fieldsIn(item) }).body as { readonly data: readonly { readonly sCode: string }[] }).data[0], clOrdId: item.clOrdId }));
    const bad = data.filter(({ sCode }) => sCode !== '0').length;
    return { status: 200, body: { code: bad === 0 ? '0' : bad === data.length ? '1' : '2', msg: '', data } };
  };
  const absent = (): WireReply => wrong('51603', 'Order does not exist');
  const find = ({ fields }: WireRequest): WireReply => {
    const order = fields['ordId'] === undefined ? named(fields['clOrdId'], false) : (orders().find((one) => ordId(one) === fields['ordId'] && (!isStop(one) || one.triggeredAt !== null)) ?? null);
    return order === null ? absent() : fine([orderBody(order)]);
  };
  const findAlgo = ({ fields }: WireRequest): WireReply => {
    const order = named(fields['algoClOrdId'], true);
    return order === null ? absent() : fine([algoBody(order)]);
  };
  const pending = ({ fields }: WireRequest, list: readonly VenueOrder[], id: (order: VenueOrder) => string, body: (order: VenueOrder) => unknown): WireReply => {
    const newestFirst = list.toSorted((a, b) => b.openSequence - a.openSequence);
    const from = fields['after'] === undefined ? 0 : newestFirst.findIndex((order) => id(order) === fields['after']) + 1;
    return fine(newestFirst.slice(from, from + Math.min(Number(fields['limit'] ?? PAGE), PAGE)).map(body));
  };
  const fee = (fill: VenueFill): { fee: string; feeCcy: string } => {
    const [base = '', quote = ''] = fill.symbol.split('/');
    return { fee: toPlain(fill.fee.negated()), feeCcy: fill.feeIn === 'BASE' ? base : quote };
  };
  const fills = ({ fields }: WireRequest): WireReply => {
    const from = Number(fields['begin'] ?? '0');
    const until = Number(fields['end'] ?? Infinity);
    const found = orders().flatMap((order) => order.fills.map((fill) => ({ fill, order })))
      .filter(({ fill, order }) => fill.at >= from && fill.at <= until && (fields['ordId'] === undefined || fields['ordId'] === ordId(order)))
      .toSorted((a, b) => b.fill.sequence - a.fill.sequence)
      .slice(0, Math.min(Number(fields['limit'] ?? PAGE), PAGE));
    return fine(found.map(({ fill, order }) => ({
      instType: 'SPOT', instId: idOf(fill.symbol), tradeId: String(numberOf(fill.tradeId)), ordId: ordId(order), clOrdId: isStop(order) ? '' : order.clientOrderId, billId: String(fill.sequence), tag: '',
      fillPx: toPlain(fill.price), fillSz: toPlain(fill.quantity), side: fill.side, posSide: 'net', execType: fill.liquidity === 'MAKER' ? 'M' : 'T', ...fee(fill), ts: String(fill.at), fillTime: String(fill.at),
    })));
  };
  const balance = (): WireReply => fine([{
    uTime: String(venue.now()), totalEq: toPlain(venue.engine.equity()),
    details: [
      { ccy: 'USDT', eq: toPlain(venue.engine.cash()), availBal: toPlain(venue.engine.cash().minus(venue.lockedCash())), frozenBal: toPlain(venue.lockedCash()) },
      ...venue.markets.map(({ symbol }) => {
        const { total, locked } = venue.balance(symbol);
        return { ccy: symbol.split('/')[0], eq: toPlain(total), availBal: toPlain(total.minus(locked)), frozenBal: toPlain(locked) };
      }),
    ],
  }]);
  const tickers = (): WireReply => fine([...venue.engine.quotes()].map(([symbol, { price, at }]) => {
    const text = toPlain(price);
    return { instType: 'SPOT', instId: idOf(symbol), last: text, lastSz: '1', askPx: text, askSz: '1', bidPx: text, bidSz: '1', open24h: text, high24h: text, low24h: text, volCcy24h: '1', vol24h: '1', ts: String(at) };
  }));
  const route = (method: string, path: string, call: 'place' | 'cancel' | 'amend' | 'read' | 'public', answer: (request: WireRequest) => WireReply) => ({ method, path: new RegExp(`^/api/v5/${path}$`), call, answer });
  return startLoopback(venue, {
    admit,
    limited: (seconds) => ({ ...wrong('50011', 'Too Many Requests', 429), headers: { 'retry-after': String(seconds) } }),
    routes: [
      route('GET', 'public/instruments', 'public', () => fine(venue.markets.map(instrument))),
      route('GET', 'market/tickers', 'public', tickers),
      route('POST', 'trade/order', 'place', place),
      route('POST', 'trade/order-algo', 'place', placeAlgo),
      route('POST', 'trade/batch-orders', 'place', (request) => many(request, place)),
      route('POST', 'trade/cancel-batch-orders', 'cancel', (request) => many(request, ({ fields }) => cancel(named(fields['clOrdId'], false)))),
      route('POST', 'trade/cancel-order', 'cancel', ({ fields }) => cancel(named(fields['clOrdId'], false))),
      route('POST', 'trade/cancel-algos', 'cancel', ({ fields }) => cancel(named(fields['algoClOrdId'], true))),
      route('POST', 'trade/amend-order', 'amend', ({ fields }) => amend(named(fields['clOrdId'], false), fields)),
      route('POST', 'trade/amend-algos', 'amend', ({ fields }) => amend(named(fields['algoClOrdId'], true), fields)),
      route('GET', 'trade/order', 'read', find),
      route('GET', 'trade/order-algo', 'read', findAlgo),
      route('GET', 'trade/orders-pending', 'read', (request) => pending(request, venue.engine.openOrders().filter((order) => !isStop(order)), ordId, orderBody)),
      route('GET', 'trade/orders-algo-pending', 'read', (request) => pending(request, venue.engine.conditionalOrders(), algoId, algoBody)),
      route('GET', 'trade/fills-history', 'read', fills),
      route('GET', 'account/config', 'read', () => fine([{ uid: '1', mainUid: '1', acctLv: '1', posMode: 'net_mode', label: 'test', ip: '', perm: `read_only,${venue.keyCanWithdraw ? 'withdraw,' : ''}trade` }])),
      route('GET', 'account/balance', 'read', balance),
    ],
  });
};
