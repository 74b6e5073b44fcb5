// What the paper venue answers to which request; transport and faults are the server's.
import * as z from 'zod';
import type { Venue } from './venue.ts';
import type { FaultableCall, VenueOperation } from './venue-faults.ts';
import type { Applied, BatchLimits, RefusalCode, VenueOrder } from './venue-model.ts';
import { reportOf, tradeOf } from './venue-report.ts';
import { amendBody, cancelBatchBody, placeBatchBody, placeBody } from './venue-wire.ts';

export interface VenueRequest {
  readonly method: string;
  readonly url: URL;
  readonly body: string;
}

export interface VenueAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** A request that was understood: what it asks for, and the asking. */
export interface VenueCall extends FaultableCall {
  run(): VenueAnswer;
  /** Answers as if it had run, and does nothing. */
  pretend(): VenueAnswer;
}

interface Asked {
  readonly venue: Venue;
  readonly id: string;
  readonly query: URLSearchParams;
  readonly body: string;
}

interface Route {
  readonly method: string;
  readonly path: RegExp;
  readonly operation: VenueOperation;
  readonly answer: (asked: Asked) => VenueAnswer;
}

const STATUS_OF: Readonly<Partial<Record<RefusalCode, number>>> = {
  ORDER_UNKNOWN: 404,
  ORDER_CLOSED: 409,
  DUPLICATE_CLIENT_ORDER_ID: 409,
};
const REFUSED_STATUS = 422;

const ONE_ORDER = /^\/orders\/((?:[\w.:-]|%3A)+)$/;
const ROUTES: readonly Route[] = [
  { method: 'POST', path: /^\/orders$/, operation: 'PLACE', answer: place },
  { method: 'DELETE', path: ONE_ORDER, operation: 'CANCEL', answer: cancel },
  { method: 'PATCH', path: ONE_ORDER, operation: 'AMEND', answer: amend },
  { method: 'POST', path: /^\/batch\/orders$/, operation: 'PLACE_BATCH', answer: placeMany },
  { method: 'POST', path: /^\/batch\/cancels$/, operation: 'CANCEL_BATCH', answer: cancelMany },
  { method: 'GET', path: ONE_ORDER, operation: 'FIND', answer: find },
  { method: 'GET', path: /^\/orders$/, operation: 'OPEN_ORDERS', answer: listOrders },
  { method: 'GET', path: /^\/conditional-orders$/, operation: 'CONDITIONAL_ORDERS', answer: ({ venue }) => listed(venue.engine.conditionalOrders()) },
  { method: 'GET', path: /^\/positions$/, operation: 'POSITIONS', answer: positions },
  { method: 'GET', path: /^\/position$/, operation: 'FIND_POSITION', answer: position },
  { method: 'GET', path: /^\/markets$/, operation: 'MARKETS', answer: ({ venue }) => ok({ markets: venue.engine.config.markets }) },
  { method: 'GET', path: /^\/quotes$/, operation: 'QUOTES', answer: quotes },
  { method: 'GET', path: /^\/account$/, operation: 'ACCOUNT', answer: account },
  { method: 'GET', path: /^\/fills$/, operation: 'FILLS', answer: fills },
];

/** Finds what a request asks for; an answer where there is no such thing. */
export function callOf(venue: Venue, { method, url, body }: VenueRequest): VenueCall | VenueAnswer {
  const here = ROUTES.filter((route) => route.path.test(url.pathname));
  const route = here.find((one) => one.method === method);
  if (route === undefined) return here.length > 0 ? problem(405, 'METHOD', method) : problem(404, 'NOT_FOUND', url.pathname);
  const id = (route.path.exec(url.pathname)?.[1] ?? '').replaceAll('%3A', ':');
  const asked: Asked = { venue, id, query: url.searchParams, body };
  const named = namedIn(asked);
  return { operation: route.operation, ...named, run: () => route.answer(asked), pretend: () => find({ ...asked, id: named.clientOrderId ?? '' }) };
}

/** Answers with a problem that changed nothing. */
export function problem(status: number, code: string, message: string): VenueAnswer {
  return { status, body: { code, message } };
}

function ok(body: unknown): VenueAnswer {
  return { status: 200, body };
}

const namedOrder = z.object({ clientOrderId: z.string(), symbol: z.string(), stopPrice: z.string().nullish() });

function namedIn(asked: Asked): Omit<FaultableCall, 'operation'> {
  if (asked.id === '') return placedIn(asked);
  const order = asked.venue.engine.find(asked.id);
  return { clientOrderId: asked.id, symbol: order?.symbol ?? null, isStop: order !== null && order.stopPrice !== null };
}

function placedIn({ body }: Asked): Omit<FaultableCall, 'operation'> {
  const { data } = namedOrder.safeParse(readJson(body));
  if (data === undefined) return { clientOrderId: null, symbol: null, isStop: false };
  return { clientOrderId: data.clientOrderId, symbol: data.symbol, isStop: typeof data.stopPrice === 'string' };
}

function place({ venue, body }: Asked): VenueAnswer {
  return placeOne(venue, readJson(body));
}

function placeOne(venue: Venue, body: unknown): VenueAnswer {
  const order = placeBody.safeParse(body);
  if (!order.success) return problem(400, 'BAD_REQUEST', z.prettifyError(order.error));
  return answerOf(venue.execute({ kind: 'PLACE', at: venue.clock.now(), order: order.data }));
}

function cancel({ venue, id }: Asked): VenueAnswer {
  return answerOf(venue.execute({ kind: 'CANCEL', at: venue.clock.now(), clientOrderId: id }));
}

function placeMany({ venue, body }: Asked): VenueAnswer {
  const read = placeBatchBody.safeParse(readJson(body));
  if (!read.success) return problem(400, 'BAD_REQUEST', z.prettifyError(read.error));
  const { orders } = read.data;
  return refuseBatch(venue, 'mostPlaced', orders.length) ?? ok({ answers: orders.map((order) => placeOne(venue, order)) });
}

function cancelMany({ venue, body, query }: Asked): VenueAnswer {
  const read = cancelBatchBody.safeParse(readJson(body));
  if (!read.success) return problem(400, 'BAD_REQUEST', z.prettifyError(read.error));
  const { clientOrderIds: ids } = read.data;
  return refuseBatch(venue, 'mostCancelled', ids.length) ?? ok({ answers: ids.map((id) => cancel({ venue, id, query, body: '' })) });
}

function refuseBatch({ engine }: Venue, limit: keyof BatchLimits, count: number): VenueAnswer | null {
  const { batches } = engine.config;
  if (batches === null) return problem(404, 'NOT_FOUND', 'this venue has no batches');
  return count > batches[limit] ? problem(400, 'BAD_REQUEST', `expected at most ${batches[limit]} orders`) : null;
}

function amend({ venue, id, body }: Asked): VenueAnswer {
  const change = amendBody.safeParse(readJson(body));
  if (!change.success) return problem(400, 'BAD_REQUEST', z.prettifyError(change.error));
  return answerOf(venue.execute({ kind: 'AMEND', at: venue.clock.now(), clientOrderId: id, ...change.data }));
}

function find({ venue, id }: Asked): VenueAnswer {
  return orderAnswer(venue.engine.find(id));
}

function listOrders({ venue, query }: Asked): VenueAnswer {
  return listed(query.get('open') === '1' ? venue.engine.openOrders() : venue.engine.allOrders());
}

function listed(orders: readonly VenueOrder[]): VenueAnswer {
  return ok({ orders: orders.map((order) => reportOf(order)), count: orders.length });
}

function quotes({ venue, query }: Asked): VenueAnswer {
  const wanted = query.get('symbols')?.split(',') ?? null;
  const known = [...venue.engine.quotes()].filter(([symbol]) => wanted === null || wanted.includes(symbol));
  return ok({ quotes: Object.fromEntries(known) });
}

function account({ venue }: Asked): VenueAnswer {
  return ok({ equity: venue.engine.equity(), cash: venue.engine.cash(), at: venue.clock.now() });
}

const LONGEST_PAGE = 500;

function fills({ venue, query }: Asked): VenueAnswer {
  const since = Number(query.get('since') ?? '0');
  const limit = Number(query.get('limit') ?? LONGEST_PAGE);
  if (!Number.isSafeInteger(since) || since < 0) return problem(400, 'BAD_REQUEST', 'since: expected the sequence number of a fill');
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > LONGEST_PAGE) return problem(400, 'BAD_REQUEST', `limit: expected 1 to ${LONGEST_PAGE}`);
  // One beyond the page tells whether there is another.
  const found = venue.engine.fillsAfter(since, limit + 1);
  const page = found.slice(0, limit).map((fill) => {
    const { sequence, clientOrderId, symbol, side } = fill;
    return { sequence, clientOrderId, symbol, side, ...tradeOf(fill) };
  });
  return ok({ fills: page, count: page.length, more: found.length > limit });
}

function positions({ venue }: Asked): VenueAnswer {
  const held = venue.engine.holdings().map(({ symbol, quantity, averagePrice }) => ({ symbol, quantity, averagePrice }));
  return ok({ positions: held, count: held.length });
}

function position({ venue, query }: Asked): VenueAnswer {
  const symbol = query.get('symbol');
  if (symbol === null) return problem(400, 'BAD_REQUEST', 'symbol: expected one');
  const held = venue.engine.holdings().find((holding) => holding.symbol === symbol);
  return ok({ position: held === undefined ? null : { symbol, quantity: held.quantity, averagePrice: held.averagePrice } });
}

function answerOf({ refusal, order }: Applied): VenueAnswer {
  return refusal === null ? orderAnswer(order) : problem(STATUS_OF[refusal] ?? REFUSED_STATUS, refusal, 'the paper venue refuses this');
}

function orderAnswer(order: VenueOrder | null): VenueAnswer {
  return order === null ? problem(404, 'ORDER_UNKNOWN', 'no such order') : ok({ order: reportOf(order) });
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
