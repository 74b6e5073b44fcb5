// What the paper venue answers to which request; transport and faults are the server's.
import * as z from 'zod';
import type { Venue } from './venue.ts';
import type { FaultableCall, VenueOperation } from './venue-faults.ts';
import type { Applied, RefusalCode, VenueOrder } from './venue-model.ts';
import { reportOf } from './venue-report.ts';
import { amendBody, placeBody } from './venue-wire.ts';

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
  { method: 'GET', path: ONE_ORDER, operation: 'FIND', answer: find },
  { method: 'GET', path: /^\/orders$/, operation: 'OPEN_ORDERS', answer: listOrders },
  { method: 'GET', path: /^\/positions$/, operation: 'POSITIONS', answer: ({ venue }) => ok({ positions: positionsOf(venue) }) },
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

const namedOrder = z.object({ clientOrderId: z.string(), symbol: z.string() });

function namedIn({ venue, id, body }: Asked): Pick<FaultableCall, 'clientOrderId' | 'symbol'> {
  const placed = namedOrder.safeParse(readJson(body));
  if (id === '') return placed.success ? placed.data : { clientOrderId: null, symbol: null };
  return { clientOrderId: id, symbol: venue.engine.find(id)?.symbol ?? null };
}

function place({ venue, body }: Asked): VenueAnswer {
  const order = placeBody.safeParse(readJson(body));
  if (!order.success) return problem(400, 'BAD_REQUEST', z.prettifyError(order.error));
  return answerOf(venue.execute({ kind: 'PLACE', at: venue.clock.now(), order: order.data }));
}

function cancel({ venue, id }: Asked): VenueAnswer {
  return answerOf(venue.execute({ kind: 'CANCEL', at: venue.clock.now(), clientOrderId: id }));
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
  const orders = query.get('open') === '1' ? venue.engine.openOrders() : venue.engine.allOrders();
  return ok({ orders: orders.map((order) => reportOf(order)) });
}

function quotes({ venue, query }: Asked): VenueAnswer {
  const wanted = query.get('symbols')?.split(',') ?? null;
  const known = [...venue.engine.quotes()].filter(([symbol]) => wanted === null || wanted.includes(symbol));
  return ok({ quotes: Object.fromEntries(known) });
}

function account({ venue }: Asked): VenueAnswer {
  return ok({ equity: venue.engine.equity(), cash: venue.engine.cash(), at: venue.clock.now() });
}

function fills({ venue, query }: Asked): VenueAnswer {
  const since = Number(query.get('since') ?? '0');
  if (!Number.isSafeInteger(since) || since < 0) return problem(400, 'BAD_REQUEST', 'since: expected the sequence number of a fill');
  return ok({ fills: venue.engine.fills().filter((fill) => fill.sequence > since) });
}

function positionsOf(venue: Venue): unknown {
  return venue.engine.holdings().map(({ symbol, quantity, averagePrice }) => ({ symbol, quantity, averagePrice }));
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
