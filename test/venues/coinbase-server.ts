// Coinbase's Advanced Trade REST as its documentation has it (market/products, accounts, orders, orders/batch_cancel, orders/edit,
// orders/historical/batch, fills and by id; a JWT of ES256 that names method and path and lives two minutes).
import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import type { Applied, RefusalCode, VenueOrder } from '../../shared/adapters/paper/venue-model.ts';
import { averagePrice } from '../../shared/adapters/paper/venue-ledger.ts';
import { Decimal, toPlain } from '../../shared/domain/decimal.ts';
import { isLive } from '../../shared/domain/order-lifecycle.ts';
import type { Market } from '../../shared/ports.ts';
import { startLoopback } from './loopback-venue.ts';
import type { LoopbackVenue, RunningVenue, WireReply, WireRequest } from './loopback-venue.ts';

export const KEY_NAME = 'organizations/test/apiKeys/test';
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
export const KEY_PEM = privateKey.export({ type: 'sec1', format: 'pem' }).toString();

const REFUSALS: Readonly<Record<RefusalCode, readonly [error: string, preview: string]>> = {
  UNKNOWN_SYMBOL: ['INVALID_PRODUCT_ID', ''],
  NO_PRICE: ['ORDER_ENTRY_DISABLED', ''],
  TICK_SIZE: ['UNKNOWN_FAILURE_REASON', 'PREVIEW_INVALID_PRICE_PRECISION'],
  LOT_SIZE: ['UNKNOWN_FAILURE_REASON', 'PREVIEW_INVALID_BASE_SIZE_PRECISION'],
  MIN_QUANTITY: ['UNKNOWN_FAILURE_REASON', 'PREVIEW_INVALID_BASE_SIZE_TOO_SMALL'],
  MIN_NOTIONAL: ['UNKNOWN_FAILURE_REASON', 'PREVIEW_INVALID_QUOTE_SIZE_TOO_SMALL'],
  PRICE_BAND: ['UNKNOWN_FAILURE_REASON', 'PREVIEW_INVALID_LIMIT_PRICE'],
  REDUCE_ONLY: ['INSUFFICIENT_FUND', 'PREVIEW_INSUFFICIENT_FUND'],
  INSUFFICIENT_FUNDS: ['INSUFFICIENT_FUND', 'PREVIEW_INSUFFICIENT_FUND'],
  WOULD_TRIGGER: ['UNKNOWN_FAILURE_REASON', 'PREVIEW_STOP_PRICE_ABOVE_LAST_TRADE_PRICE'],
  WOULD_CROSS: ['INVALID_LIMIT_PRICE_POST_ONLY', 'PREVIEW_INVALID_LIMIT_PRICE_POST_ONLY'],
  NO_ICEBERGS: ['UNSUPPORTED_ORDER_CONFIGURATION', 'PREVIEW_UNSUPPORTED_ORDER_CONFIGURATION'],
  DUPLICATE_CLIENT_ORDER_ID: ['UNKNOWN_FAILURE_REASON', ''],
  ORDER_UNKNOWN: ['UNKNOWN_CANCEL_ORDER', ''],
  ORDER_CLOSED: ['INVALID_CANCEL_REQUEST', ''],
  NOT_AMENDABLE: ['ORDER_TYPE_CANNOT_BE_EDITED', ''],
  QUANTITY_ALREADY_FILLED: ['CANNOT_EDIT_TO_BELOW_FILLED_SIZE', ''],
};

const idOf = (symbol: string): string => symbol.replace('/', '-');
const uuid = (order: VenueOrder): string => `00000000-0000-4000-8000-${order.exchangeOrderId.slice(1).padStart(12, '0')}`;
const iso = (at: number): string => new Date(at).toISOString();

const product = ({ symbol, rules }: Market, price: string): unknown => {
  const [base, quote] = symbol.split('/');
  return {
    product_id: idOf(symbol), price, price_percentage_change_24h: '0', volume_24h: '1', volume_percentage_change_24h: '0', base_increment: toPlain(rules.lotSize), quote_increment: toPlain(rules.tickSize),
    quote_min_size: toPlain(rules.minNotional), quote_max_size: '150000000', base_min_size: toPlain(rules.minQuantity), base_max_size: '3400', base_name: base, quote_name: quote, status: 'online',
    cancel_only: false, limit_only: false, post_only: false, trading_disabled: false, product_type: 'SPOT', quote_currency_id: quote, base_currency_id: base, price_increment: toPlain(rules.tickSize),
  };
};

const configuration = (order: VenueOrder): unknown => {
  const base_size = toPlain(order.quantity);
  if (order.stopPrice !== null) return { stop_limit_stop_limit_gtc: { base_size, limit_price: '0', stop_price: toPlain(order.stopPrice), stop_direction: 'STOP_DIRECTION_STOP_DOWN' } };
  if (order.limit === null) return { market_market_ioc: { base_size } };
  const limit = { base_size, limit_price: toPlain(order.limit) };
  return order.timeInForce === 'IOC' ? { sor_limit_ioc: limit } : { limit_limit_gtc: { ...limit, post_only: order.timeInForce === 'POST_ONLY' } };
};

const STATUS: Readonly<Record<VenueOrder['status'], string>> = {
  PENDING: 'PENDING', SUBMITTED: 'PENDING', OPEN: 'OPEN', PARTIALLY_FILLED: 'OPEN', FILLED: 'FILLED', CANCELLED: 'CANCELLED', REJECTED: 'FAILED', EXPIRED: 'CANCELLED',
};

const orderBody = (order: VenueOrder): unknown => ({
  order_id: uuid(order), product_id: idOf(order.symbol), user_id: 'u', order_configuration: configuration(order), side: order.side.toUpperCase(), client_order_id: order.clientOrderId,
  status: STATUS[order.status], time_in_force: order.timeInForce === 'IOC' ? 'IMMEDIATE_OR_CANCEL' : 'GOOD_UNTIL_CANCELLED', created_time: iso(order.at), completion_percentage: '0',
  filled_size: toPlain(order.filledQuantity), average_filled_price: order.filledQuantity.isZero() ? '0' : averagePrice(order.filledNotional, order.filledQuantity).toFixed(8), fee: '', number_of_fills: String(order.fills.length),
  filled_value: toPlain(order.filledNotional), pending_cancel: false, size_in_quote: false, total_fees: '0', order_type: order.stopPrice !== null ? 'STOP_LIMIT' : order.limit === null ? 'MARKET' : 'LIMIT',
  reject_reason: 'REJECT_REASON_UNSPECIFIED', settled: true, product_type: 'SPOT', last_fill_time: null,
});

/** Speaks Coinbase's Advanced Trade REST over a venue. */
export const startCoinbase = (venue: LoopbackVenue): Promise<RunningVenue> => {
  const fine = (body: unknown): WireReply => ({ status: 200, body });
  const unauthorised: WireReply = { status: 401, body: 'Unauthorized' };
  const symbolOf = (id: string): string => venue.markets.find(({ symbol }) => idOf(symbol) === id)?.symbol ?? id;
  const orders = (): readonly VenueOrder[] => venue.orders().toReversed();
  const byId = (id: string | undefined): VenueOrder | null => orders().find((order) => uuid(order) === id) ?? null;
  const admit = ({ method, path, headers }: WireRequest): WireReply | null => {
    const [header = '', payload = '', signature = ''] = (headers.authorization ?? '').replace('Bearer ', '').split('.');
    const isOurs = verify('sha256', Buffer.from(`${header}.${payload}`), { key: createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })), dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'));
    if (!isOurs) return unauthorised;
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { sub: string; uri: string; nbf: number; exp: number };
    const now = venue.now() / 1000;
    const isValid = claims.sub === KEY_NAME && claims.uri === `${method} http://${headers.host ?? ''}${path}` && claims.nbf <= now + 1 && now < claims.exp;
    return isValid ? null : unauthorised;
  };
  const createFailed = (refusal: RefusalCode): WireReply => {
    const [error, preview] = REFUSALS[refusal];
    return fine({
      success: false, failure_reason: error, order_id: '',
      error_response: { error, message: '', error_details: '', preview_failure_reason: preview === '' ? 'UNKNOWN_PREVIEW_FAILURE_REASON' : preview, new_order_failure_reason: error },
    });
  };
  const created = (order: VenueOrder): WireReply =>
    fine({ success: true, failure_reason: 'UNKNOWN_FAILURE_REASON', order_id: uuid(order), success_response: { order_id: uuid(order), product_id: idOf(order.symbol), side: order.side.toUpperCase(), client_order_id: order.clientOrderId } });
  const decimal = (text: string | undefined): Decimal | null => (text === undefined ? null : new Decimal(text));
  const place = ({ body }: WireRequest): WireReply => {
    const asked = JSON.parse(body) as { client_order_id: string; product_id: string; side: string; order_configuration: Record<string, Record<string, string> & { readonly post_only?: boolean }> };
    const [[kind = '', terms = {}] = []] = Object.entries(asked.order_configuration);
    // An id that is known is answered with its order, whatever is asked.
    const known = orders().find((order) => order.clientOrderId === asked.client_order_id);
    if (known !== undefined) return created(known);
    const isStop = kind === 'stop_limit_stop_limit_gtc';
    const applied = venue.place({
      clientOrderId: asked.client_order_id, symbol: symbolOf(asked.product_id), side: asked.side === 'BUY' ? 'buy' : 'sell', quantity: new Decimal(terms['base_size'] ?? '0'),
      limit: isStop ? null : decimal(terms['limit_price']), stopPrice: decimal(terms['stop_price']), timeInForce: kind === 'market_market_ioc' || kind === 'sor_limit_ioc' ? 'IOC' : terms.post_only === true ? 'POST_ONLY' : 'GTC',
    });
    return applied.refusal !== null || applied.order === null ? createFailed(applied.refusal ?? 'NO_PRICE') : created(applied.order);
  };
  const cancel = ({ body }: WireRequest): WireReply => {
    const { order_ids } = JSON.parse(body) as { order_ids: readonly string[] };
    if (order_ids.length === 0 || order_ids.length > 100) return { status: 400, body: { error: 'INVALID_ARGUMENT', message: 'order_ids', error_details: '' } };
    const result = (order_id: string): unknown => {
      const order = byId(order_id);
      if (order !== null && isLive(order.status)) {
        venue.cancel(order.clientOrderId);
        return { success: true, failure_reason: 'UNKNOWN_CANCEL_FAILURE_REASON', order_id };
      }
      return { success: false, failure_reason: REFUSALS[order === null ? 'ORDER_UNKNOWN' : 'ORDER_CLOSED'][0], order_id };
    };
    return fine({ results: order_ids.map(result) });
  };
  const edit = ({ fields }: WireRequest): WireReply => {
    const order = byId(fields['order_id']);
    const editFailed = (edit_failure_reason: string): WireReply => fine({ success: false, errors: [{ edit_failure_reason, preview_failure_reason: 'UNKNOWN_PREVIEW_FAILURE_REASON' }] });
    if (order === null) return editFailed('ORDER_NOT_FOUND');
    if (!isLive(order.status)) return editFailed('ORDER_IS_NOT_OPEN');
    const applied: Applied = venue.amend(order.clientOrderId, { quantity: new Decimal(fields['size'] ?? '0'), limit: decimal(fields['price']), stopPrice: null });
    return applied.refusal === null ? fine({ success: true, errors: [] }) : editFailed(REFUSALS[applied.refusal][0]);
  };
  const paged = <Each>(fields: WireRequest['fields'], name: string, list: readonly Each[], body: (each: Each) => unknown = (each) => each): WireReply => {
    const from = Number(fields['cursor'] ?? '0');
    const until = from + Number(fields['limit'] ?? '100');
    return fine({ [name]: list.slice(from, until).map((each) => body(each)), has_next: until < list.length, cursor: until < list.length ? String(until) : '', sequence: '0', size: list.length });
  };
  const batch = ({ fields }: WireRequest): WireReply => paged(fields, 'orders', orders()
    .filter((order) => (fields['order_status'] === undefined || fields['order_status'] === STATUS[order.status]) && order.at >= Date.parse(fields['start_date'] ?? '1970-01-01T00:00:00Z')), orderBody);
  const fills = ({ fields }: WireRequest): WireReply => {
    const from = Date.parse(fields['start_sequence_timestamp'] ?? '1970-01-01T00:00:00Z');
    const until = Date.parse(fields['end_sequence_timestamp'] ?? '2999-01-01T00:00:00Z');
    const found = orders().flatMap((order) => order.fills.map((fill) => ({ fill, order })))
      .filter(({ fill, order }) => fill.at >= from && fill.at <= until && (fields['order_id'] === undefined || fields['order_id'] === uuid(order)))
      .toSorted((a, b) => b.fill.sequence - a.fill.sequence);
    return paged(fields, 'fills', found.map(({ fill, order }) => ({
      entry_id: `entry-${fill.tradeId}`, trade_id: `trade-${fill.tradeId}`, order_id: uuid(order), trade_time: iso(fill.at), trade_type: 'FILL', price: toPlain(fill.price), size: toPlain(fill.quantity),
      commission: toPlain(fill.fee), product_id: idOf(fill.symbol), sequence_timestamp: iso(fill.at), liquidity_indicator: fill.liquidity, size_in_quote: false, user_id: 'u', side: fill.side.toUpperCase(),
    })));
  };
  const account = (currency: string, total: Decimal, locked: Decimal): unknown => ({
    uuid: currency, name: currency, currency, available_balance: { value: toPlain(total.minus(locked)), currency }, default: false, active: true, type: 'ACCOUNT_TYPE_CRYPTO', ready: true, hold: { value: toPlain(locked), currency },
  });
  const accounts = ({ fields }: WireRequest): WireReply => paged(fields, 'accounts', [
    account('USD', venue.engine.cash(), venue.lockedCash()),
    ...venue.markets.map(({ symbol }) => account(symbol.split('/')[0] ?? '', venue.balance(symbol).total, venue.balance(symbol).locked)),
  ]);
  const products = ({ fields }: WireRequest): WireReply => fine({ products: fields['product_type'] === 'FUTURE' ? [] : venue.markets.map((market) => product(market, venue.lastPrice(market.symbol))), num_products: venue.markets.length });
  const route = (method: string, path: string, call: 'place' | 'cancel' | 'amend' | 'read' | 'public', answer: (request: WireRequest) => WireReply) => ({ method, path: new RegExp(`^/api/v3/brokerage/${path}$`), call, answer });
  return startLoopback(venue, {
    admit,
    limited: (seconds) => ({ status: 429, body: { error: 'RESOURCE_EXHAUSTED', message: 'Too many errors', error_details: '' }, headers: { 'retry-after': String(seconds) } }),
    routes: [
      route('GET', 'market/products', 'public', products),
      route('GET', 'products', 'read', products),
      route('GET', 'transaction_summary', 'read', () => fine({ total_volume: 0, total_fees: 0, fee_tier: { pricing_tier: '', taker_fee_rate: '0.006', maker_fee_rate: '0.004' } })),
      route('POST', 'orders', 'place', place),
      route('POST', 'orders/batch_cancel', 'cancel', cancel),
      route('POST', 'orders/edit', 'amend', edit),
      route('GET', 'orders/historical/batch', 'read', batch),
      route('GET', 'orders/historical/fills', 'read', fills),
      route('GET', 'orders/historical/([0-9a-f-]+)', 'read', ({ found }) => {
        const order = byId(found[0]);
        return order === null ? { status: 404, body: { error: 'NOT_FOUND', message: 'order not found', error_details: '' } } : fine({ order: orderBody(order) });
      }),
      route('GET', 'key_permissions', 'read', () => fine({ can_view: true, can_trade: true, can_transfer: venue.keyCanWithdraw, portfolio_uuid: 'p', portfolio_type: 'DEFAULT' })),
      route('GET', 'accounts', 'read', accounts),
    ],
  });
};
