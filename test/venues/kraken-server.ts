// Kraken's spot REST as its documentation has it (public AssetPairs, Ticker; private AddOrder, AmendOrder, CancelOrder, OpenOrders,
// ClosedOrders, QueryOrders, QueryTrades, TradesHistory, BalanceEx; API-Sign: HMAC SHA512 of path and SHA256 of nonce and body).
import { createHash, createHmac } from 'node:crypto';
import type { Applied, RefusalCode, VenueFill, VenueOrder } from '../../shared/adapters/paper/venue-model.ts';
import { averagePrice } from '../../shared/adapters/paper/venue-ledger.ts';
import { Decimal, toPlain } from '../../shared/domain/decimal.ts';
import { isLive } from '../../shared/domain/order-lifecycle.ts';
import type { Market } from '../../shared/ports.ts';
import { API_KEY, SECRET, fieldsIn, startLoopback } from './loopback-venue.ts';
import type { LoopbackVenue, RunningVenue, WireReply, WireRequest } from './loopback-venue.ts';

const PAGE = 50;
/** A fifteenth at least has to be shown. */
const MOST_PARTS = 15;

const fine = (result: unknown): WireReply => ({ status: 200, body: { error: [], result } });
const wrong = (error: string): WireReply => ({ status: 200, body: { error: [error] } });

const REFUSALS: Readonly<Record<RefusalCode, string>> = {
  UNKNOWN_SYMBOL: 'EQuery:Unknown asset pair',
  NO_PRICE: 'EService:Market in cancel_only mode',
  TICK_SIZE: 'EOrder:Tick size check failed',
  LOT_SIZE: 'EGeneral:Invalid arguments:volume',
  MIN_QUANTITY: 'EOrder:Order minimum not met',
  MIN_NOTIONAL: 'EOrder:Cost minimum not met',
  PRICE_BAND: 'EOrder:Invalid price',
  REDUCE_ONLY: 'EOrder:Insufficient funds',
  INSUFFICIENT_FUNDS: 'EOrder:Insufficient funds',
  WOULD_TRIGGER: 'EOrder:Invalid price',
  WOULD_CROSS: 'EOrder:Post only order',
  NO_ICEBERGS: 'EGeneral:Invalid arguments',
  // The documentation names no error for it.
  DUPLICATE_CLIENT_ORDER_ID: 'EOrder:Duplicate client order id',
  ORDER_UNKNOWN: 'EOrder:Unknown order',
  ORDER_CLOSED: 'EOrder:Unknown order',
  NOT_AMENDABLE: 'EOrder:Unknown order',
  QUANTITY_ALREADY_FILLED: 'EGeneral:Invalid arguments:volume',
};

const base = (symbol: string): string => symbol.split('/')[0]?.replace('BTC', 'XBT') ?? '';
const assetOf = (coin: string): string => ({ XBT: 'XXBT', ETH: 'XETH', USD: 'ZUSD' })[coin] ?? coin;
const idOf = (symbol: string): string => `${assetOf(base(symbol))}ZUSD`;
const altname = (symbol: string): string => `${base(symbol)}USD`;
const txid = (order: VenueOrder): string => `O${order.exchangeOrderId.padStart(5, '0')}-KRAKN`;
const tradeId = (fill: VenueFill): string => `T${fill.tradeId.padStart(5, '0')}-KRAKN`;

const pair = ({ symbol, rules }: Market): unknown => ({
  altname: altname(symbol), wsname: `${base(symbol)}/USD`, aclass_base: 'currency', base: assetOf(base(symbol)), aclass_quote: 'currency', quote: 'ZUSD', lot: 'unit',
  cost_decimals: 5, pair_decimals: rules.tickSize.decimalPlaces(), lot_decimals: rules.lotSize.decimalPlaces(), lot_multiplier: 1, leverage_buy: [], leverage_sell: [],
  fees: [[0, 0.4]], fees_maker: [[0, 0.25]], fee_volume_currency: 'ZUSD', margin_call: 80, margin_stop: 40, ordermin: toPlain(rules.minQuantity), costmin: toPlain(rules.minNotional),
  tick_size: toPlain(rules.tickSize), status: 'online',
});

const statusOf = (order: VenueOrder): string => {
  if (isLive(order.status)) return 'open';
  return { FILLED: 'closed', EXPIRED: 'expired', CANCELLED: 'canceled' }[order.status as string] ?? 'canceled';
};

const seconds = (at: number): number => at / 1000;

const orderBody = (order: VenueOrder, withTrades: boolean): unknown => ({
  refid: null, userref: 0, cl_ord_id: order.clientOrderId, status: statusOf(order), opentm: seconds(order.at), starttm: 0, expiretm: 0,
  ...(isLive(order.status) ? {} : { closetm: seconds(order.at), reason: order.refusal === 'WOULD_CROSS' ? 'Post only order' : order.status === 'CANCELLED' ? 'User requested' : null }),
  descr: {
    pair: altname(order.symbol), type: order.side, ordertype: order.stopPrice !== null ? 'stop-loss' : order.limit === null ? 'market' : order.shown === null ? 'limit' : 'iceberg',
    price: toPlain(order.stopPrice ?? order.limit ?? new Decimal(0)), price2: '0', leverage: 'none', order: '', close: '',
  },
  vol: order.quantity.toFixed(8), vol_exec: order.filledQuantity.toFixed(8), cost: order.filledNotional.toFixed(5), fee: '0.00000',
  price: order.filledQuantity.isZero() ? '0.00000' : averagePrice(order.filledNotional, order.filledQuantity).toFixed(5),
  stopprice: '0.00000', limitprice: '0.00000', misc: '', oflags: order.timeInForce === 'POST_ONLY' ? 'fciq,post' : 'fciq', ...(withTrades ? { trades: order.fills.map(tradeId) } : {}),
});

const tradeBody = (fill: VenueFill, order: VenueOrder): unknown => ({
  ordertxid: txid(order), postxid: 'TKH2SE-M7IF5-CFI7LT', pair: idOf(fill.symbol), time: seconds(fill.at), type: fill.side, ordertype: 'limit', price: fill.price.toFixed(5),
  cost: fill.price.times(fill.quantity).toFixed(5), fee: fill.fee.toFixed(5), vol: fill.quantity.toFixed(8), margin: '0.00000', misc: '', trade_id: fill.sequence, maker: fill.liquidity === 'MAKER',
});

/** Speaks Kraken's spot REST over a venue. */
export const startKraken = (venue: LoopbackVenue): Promise<RunningVenue> => {
  let lastNonce = 0;
  const all = (): readonly VenueOrder[] => venue.orders();
  const symbolOf = (id: string): string => venue.markets.find(({ symbol }) => [idOf(symbol), altname(symbol), symbol].includes(id))?.symbol ?? id;
  const named = (orders: readonly VenueOrder[], fields: WireRequest['fields']): unknown =>
    Object.fromEntries(orders.filter((order) => fields['cl_ord_id'] === undefined || order.clientOrderId === fields['cl_ord_id']).map((order) => [txid(order), orderBody(order, fields['trades'] === 'true')]));
  const admit = ({ path, body, headers, fields }: WireRequest): WireReply | null => {
    if (headers['api-key'] !== API_KEY) return wrong('EAPI:Invalid key');
    const inner = createHash('sha256').update(`${fields['nonce'] ?? ''}${body}`).digest();
    const expected = createHmac('sha512', Buffer.from(SECRET, 'base64')).update(Buffer.concat([Buffer.from(path), inner])).digest('base64');
    if (headers['api-sign'] !== expected) return wrong('EAPI:Invalid signature');
    const nonce = Number(fields['nonce']);
    if (nonce <= lastNonce) return wrong('EAPI:Invalid nonce');
    lastNonce = nonce;
    return null;
  };
  const answerOf = (applied: Applied, result: (order: VenueOrder) => unknown): WireReply =>
    applied.refusal !== null || applied.order === null ? wrong(REFUSALS[applied.refusal ?? 'NO_PRICE']) : fine(result(applied.order));
  const place = ({ fields }: WireRequest): WireReply => {
    if (!/^[0-9a-f]{32}$|^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$|^[ -~]{1,18}$/.test(fields['cl_ord_id'] ?? '')) return wrong('EGeneral:Invalid arguments:cl_ord_id');
    const { ordertype } = fields;
    const flags = (fields['oflags'] ?? '').split(',');
    if (fields['timeinforce'] !== undefined && !['GTC', 'IOC', 'GTD'].includes(fields['timeinforce'])) return wrong('EGeneral:Invalid arguments:timeinforce');
    if (ordertype === 'iceberg' && Number(fields['displayvol'] ?? '0') * MOST_PARTS < Number(fields['volume'])) return wrong('EGeneral:Invalid arguments:displayvol');
    const price = fields['price'] === undefined ? null : new Decimal(fields['price']);
    return answerOf(
      venue.place({
        clientOrderId: fields['cl_ord_id'] ?? '', symbol: symbolOf(fields['pair'] ?? ''), side: fields['type'] === 'sell' ? 'sell' : 'buy', quantity: new Decimal(fields['volume'] ?? '0'),
        limit: ordertype === 'limit' || ordertype === 'iceberg' ? price : null, stopPrice: ordertype === 'stop-loss' ? price : null,
        timeInForce: flags.includes('post') ? 'POST_ONLY' : ordertype === 'market' || fields['timeinforce'] === 'IOC' ? 'IOC' : 'GTC', shown: ordertype === 'iceberg' ? new Decimal(fields['displayvol'] ?? '0') : null,
      }),
      (order) => ({ descr: { order: `${order.side} ${toPlain(order.quantity)} ${altname(order.symbol)} @ ${ordertype === 'limit' ? `limit ${fields['price'] ?? ''}` : 'market'}` }, txid: [txid(order)] }),
    );
  };
  /** What is checked of every order of a batch before any of them is placed. */
  const isInvalid = ({ fields }: WireRequest): boolean => {
    const rules = venue.markets.find(({ symbol }) => symbol === symbolOf(fields['pair'] ?? ''))?.rules;
    const off = (text: string | undefined, step: Decimal | undefined): boolean => text !== undefined && step !== undefined && !new Decimal(text).modulo(step).isZero();
    return off(fields['price'], rules?.tickSize) || off(fields['volume'], rules?.lotSize);
  };
  const placeMany = (request: WireRequest): WireReply => {
    const { pair: asked, orders } = JSON.parse(request.body) as { readonly pair: string; readonly orders: readonly object[] };
    if (orders.length < 2 || orders.length > 15) return wrong('EGeneral:Invalid arguments:orders');
    const requests = orders.map((order) => ({ ...request, fields: fieldsIn({ ...order, pair: asked }) }));
    if (requests.some(isInvalid)) return wrong(REFUSALS.TICK_SIZE);
    const one = (each: WireRequest): unknown => {
      const { error: [error], result } = place(each).body as { readonly error: readonly string[]; readonly result?: { readonly descr: unknown; readonly txid: readonly string[] } };
      return error === undefined ? { descr: result?.descr, txid: result?.txid[0] } : { descr: {}, error };
    };
    return fine({ orders: requests.map(one) });
  };
  const cancelMany = ({ body }: WireRequest): WireReply => {
    const { cl_ord_ids = [] } = JSON.parse(body) as { readonly cl_ord_ids?: readonly string[] };
    if (cl_ord_ids.length === 0 || cl_ord_ids.length > 50) return wrong('EGeneral:Invalid arguments:orders');
    const orders = cl_ord_ids.flatMap((cl_ord_id) => live({ cl_ord_id }) ?? []);
    for (const order of orders) venue.cancel(order.clientOrderId);
    return orders.length === 0 ? wrong('EOrder:Unknown order') : fine({ count: orders.length });
  };
  const live = (fields: WireRequest['fields']): VenueOrder | null => {
    const order = fields['cl_ord_id'] === undefined ? null : venue.engine.find(fields['cl_ord_id']);
    return order !== null && isLive(order.status) ? order : null;
  };
  const cancel = ({ fields }: WireRequest): WireReply => {
    const order = live(fields);
    return order === null ? wrong('EOrder:Unknown order') : answerOf(venue.cancel(order.clientOrderId), () => ({ count: 1 }));
  };
  const amend = ({ fields }: WireRequest): WireReply => {
    const order = live(fields);
    if (order === null) return wrong('EOrder:Unknown order');
    const decimal = (text: string | undefined): Decimal | null => (text === undefined ? null : new Decimal(text));
    return answerOf(
      venue.amend(order.clientOrderId, { quantity: new Decimal(fields['order_qty'] ?? '0'), limit: decimal(fields['limit_price']), stopPrice: decimal(fields['trigger_price']) }),
      () => ({ amend_id: 'TVB7TH-AMEND-1' }),
    );
  };
  const tradesOf = (orders: readonly VenueOrder[]): readonly (readonly [VenueFill, VenueOrder])[] => orders.flatMap((order) => order.fills.map((fill) => [fill, order] as const));
  const history = ({ fields }: WireRequest): WireReply => {
    const from = Number(fields['start'] ?? '0');
    const found = tradesOf(all()).filter(([fill]) => seconds(fill.at) > from).toSorted(([a], [b]) => b.sequence - a.sequence);
    const skip = Number(fields['ofs'] ?? '0');
    return fine({ count: found.length, trades: Object.fromEntries(found.slice(skip, skip + PAGE).map(([fill, order]) => [tradeId(fill), tradeBody(fill, order)])) });
  };
  const balances = (): WireReply => fine({
    ZUSD: { balance: venue.engine.cash().toFixed(5), hold_trade: venue.lockedCash().toFixed(5) },
    ...Object.fromEntries(venue.markets.map(({ symbol }) => {
      const { total, locked } = venue.balance(symbol);
      return [assetOf(base(symbol)), { balance: total.toFixed(8), hold_trade: locked.toFixed(8) }];
    })),
  });
  const tickers = (): WireReply => fine(Object.fromEntries([...venue.engine.quotes()].map(([symbol, { price }]) => {
    const text = price.toFixed(5);
    return [idOf(symbol), { a: [text, '1', '1.000'], b: [text, '1', '1.000'], c: [text, '1.0'], v: ['1', '1'], p: [text, text], t: [1, 1], l: [text, text], h: [text, text], o: text }];
  })));
  const post = (name: string, call: 'place' | 'cancel' | 'amend' | 'read', answer: (request: WireRequest) => WireReply) =>
    ({ method: 'POST', path: new RegExp(`^/0/private/${name}$`), call, answer });
  return startLoopback(venue, {
    admit,
    limited: (wait) => wrong(`EService: Throttled: ${Math.ceil(venue.now() / 1000) + wait}`),
    routes: [
      { method: 'GET', path: /^\/0\/public\/AssetPairs$/, call: 'public', answer: () => fine(Object.fromEntries(venue.markets.map((market) => [idOf(market.symbol), pair(market)]))) },
      { method: 'GET', path: /^\/0\/public\/Ticker$/, call: 'public', answer: tickers },
      post('AddOrder', 'place', place),
      post('AddOrderBatch', 'place', placeMany),
      post('CancelOrder', 'cancel', cancel),
      post('CancelOrderBatch', 'cancel', cancelMany),
      post('AmendOrder', 'amend', amend),
      post('OpenOrders', 'read', ({ fields }) => fine({ open: named(all().filter((order) => isLive(order.status)), fields) })),
      post('ClosedOrders', 'read', ({ fields }) => fine({ closed: named(all().filter((order) => !isLive(order.status)), fields), count: all().length })),
      post('QueryOrders', 'read', ({ fields }) => fine(Object.fromEntries(all().filter((order) => fields['txid']?.split(',').includes(txid(order))).map((order) => [txid(order), orderBody(order, fields['trades'] === 'true')])))),
      post('QueryTrades', 'read', ({ fields }) => fine(Object.fromEntries(tradesOf(all()).filter(([fill]) => fields['txid']?.split(',').includes(tradeId(fill))).map(([fill, order]) => [tradeId(fill), tradeBody(fill, order)])))),
      post('TradesHistory', 'read', history),
      post('BalanceEx', 'read', balances),
      post('GetApiKeyInfo', 'read', () => fine({
        apiKeyName: 'test', apiKey: API_KEY, nonce: '1', nonceWindow: 0, permissions: ['query-funds', ...(venue.keyCanWithdraw ? ['withdraw-funds'] : []), 'query-open-trades', 'modify-trades'],
        iban: 'AA88 N84G WOAK NMOI', validUntil: '0', queryFrom: '0', queryTo: '0', createdTime: '1772542900', modifiedTime: '1772543095', ipAllowlist: [], lastUsed: '1772627061',
      })),
    ],
  });
};
