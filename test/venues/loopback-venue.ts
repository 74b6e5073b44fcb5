// A venue on a free port of this machine: one matching core for all of them, and whatever can go wrong on the way.
// What speaks a venue's own REST on top of it is its server, written from that venue's documentation.
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createVenueEngine } from '../../shared/adapters/paper/venue-engine.ts';
import type { VenueEngine } from '../../shared/adapters/paper/venue-engine.ts';
import { DEFAULT_VENUE_CONFIG } from '../../shared/adapters/paper/venue-model.ts';
import type { Applied, NewOrder, RefusalCode, VenueConfig, VenueFill, VenueOrder } from '../../shared/adapters/paper/venue-model.ts';
import { Decimal, toPlain } from '../../shared/domain/decimal.ts';
import type { Market } from '../../shared/ports.ts';

export const API_KEY = 'test-key';
export const SECRET = 'dGhlIHNlY3JldCBvZiB0aGUgdGVzdCwgbm90aGluZyBlbHNl';

export type CallName = 'place' | 'cancel' | 'amend' | 'read' | 'public';

export interface WireRequest {
  readonly method: string;
  readonly path: string;
  /** Everything after the question mark, as it came. */
  readonly query: string;
  readonly body: string;
  readonly headers: IncomingHttpHeaders;
  /** Fields of the query, and of a body that is a form or a JSON object. */
  readonly fields: Readonly<Record<string, string>>;
  /** What the route's pattern found. */
  readonly found: readonly string[];
}

export interface WireReply {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Route {
  readonly method: string;
  readonly path: RegExp;
  /** What the call is; a POST that only asks is a read. */
  readonly call: CallName;
  readonly answer: (request: WireRequest) => WireReply;
}

/** How one venue speaks. */
export interface WireProtocol {
  readonly routes: readonly Route[];
  /** Refuses what is not signed as the venue wants it, or too late; null lets it in. Public calls are not asked. */
  readonly admit: (request: WireRequest) => WireReply | null;
  /** The answer to one request too many. */
  readonly limited: (retryAfterSeconds: number) => WireReply;
  /** Headers of every answer, where the venue tells how much of a budget is left. */
  readonly headers?: () => Readonly<Record<string, string>>;
}

/** LOST breaks the connection, HANGS never answers: before the call has taken effect or after it. */
export type WireFault =
  | { readonly kind: 'LOST' | 'HANGS'; readonly when: 'BEFORE' | 'AFTER' }
  | { readonly kind: 'LIMITED'; readonly retryAfterSeconds: number }
  | { readonly kind: 'REPLY'; readonly when: 'BEFORE' | 'AFTER'; readonly reply: WireReply };

interface Strike {
  readonly calls: readonly CallName[];
  readonly fault: WireFault;
  left: number;
}

export interface LoopbackOptions {
  readonly markets: readonly Market[];
  readonly config?: Partial<VenueConfig>;
  /** What becomes of a post-only order that would take: refused, or taken and ended at once. */
  readonly crossing?: 'REFUSE' | 'END';
  /** Coins are held, so that a sale of more than that is refused; positions of contracts may go short. */
  readonly holdsCoins: boolean;
  readonly now?: () => number;
}

const d = (text: string): Decimal => new Decimal(text);

/** One listed market, cents and hundred-millionths, at least a unit of the quote currency. */
export const pairMarket = (symbol: string, rules: Partial<Record<'tickSize' | 'lotSize' | 'minQuantity' | 'minNotional', string>> = {}): Market => ({
  symbol,
  assetClass: 'crypto',
  rules: {
    tickSize: d(rules.tickSize ?? '0.01'),
    lotSize: d(rules.lotSize ?? '0.00001'),
    minQuantity: d(rules.minQuantity ?? '0.00001'),
    minNotional: d(rules.minNotional ?? '1'),
    priceBand: null,
  },
});

/** The account, its orders and everything that a test may do to them from outside. */
export class LoopbackVenue {
  readonly engine: VenueEngine;
  readonly holdsCoins: boolean;
  readonly crossing: 'REFUSE' | 'END';
  /** Whether money may be taken out with the key of the account. */
  keyCanWithdraw = false;
  /** How far the venue's clock is ahead of ours, milliseconds. */
  clockAheadMs = 0;
  /** Every call that was let in, as it took effect or not. */
  readonly calls: CallName[] = [];
  /** Every call that was let in, with what it said. */
  readonly requests: WireRequest[] = [];
  readonly #now: () => number;
  readonly #strikes: Strike[] = [];
  #steps = 0;

  constructor({ markets, config, holdsCoins, crossing = 'REFUSE', now = Date.now }: LoopbackOptions) {
    this.#now = now;
    this.holdsCoins = holdsCoins;
    this.crossing = crossing;
    this.engine = createVenueEngine({
      ...DEFAULT_VENUE_CONFIG,
      uniqueClientOrderIds: 'OPEN',
      startingCash: d('1000000'),
      buyingPowerMultiple: d(holdsCoins ? '1' : '10'),
      ...config,
      markets,
    });
  }

  now(): number {
    return this.#now() + this.clockAheadMs;
  }

  get markets(): readonly Market[] {
    return this.engine.config.markets;
  }

  price(symbol: string, price: string): void {
    this.#steps += 1;
    this.engine.apply({
      kind: 'PRICES', stepId: `step-${this.#steps}`, at: this.now(), prices: [{ symbol, price: d(price), volume: null, sellable: true }],
    });
  }

  lastPrice(symbol: string): string {
    const quote = this.engine.quotes().get(symbol);
    return quote === undefined ? '0' : toPlain(quote.price);
  }

  /** Whoever holds coins sells no more than that. */
  place(order: Omit<NewOrder, 'reduceOnly' | 'shown'> & Partial<Pick<NewOrder, 'reduceOnly' | 'shown'>>): Applied {
    const reduceOnly = this.holdsCoins ? order.side === 'sell' : (order.reduceOnly ?? false);
    const applied = this.engine.apply({ kind: 'PLACE', at: this.now(), order: { shown: null, ...order, reduceOnly } });
    return applied.refusal === 'WOULD_CROSS' && this.crossing === 'END' ? { ...applied, refusal: null } : applied;
  }

  /** Tells an order that was taken and ended at once, since it would have taken. */
  hasCrossed(order: VenueOrder): boolean {
    return this.crossing === 'END' && order.refusal === 'WOULD_CROSS';
  }

  /** Every order there ever was; what was refused has never been one. */
  orders(): readonly VenueOrder[] {
    return this.engine.allOrders().filter((order) => order.status !== 'REJECTED' || this.hasCrossed(order));
  }

  /** An order of that id, unless it was refused. */
  find(clientOrderId: string): VenueOrder | null {
    const order = this.engine.find(clientOrderId);
    return order !== null && (order.status !== 'REJECTED' || this.hasCrossed(order)) ? order : null;
  }

  cancel(clientOrderId: string): Applied {
    return this.engine.apply({ kind: 'CANCEL', at: this.now(), clientOrderId });
  }

  amend(clientOrderId: string, terms: Pick<NewOrder, 'quantity' | 'limit' | 'stopPrice'>): Applied {
    return this.engine.apply({ kind: 'AMEND', at: this.now(), clientOrderId, ...terms });
  }

  byExchangeId(exchangeOrderId: string): VenueOrder | null {
    return this.engine.allOrders().find((order) => order.exchangeOrderId === exchangeOrderId) ?? null;
  }

  /** Units of a coin: what is held, and of that what live sales have locked. */
  balance(symbol: string): { readonly total: Decimal; readonly locked: Decimal } {
    const held = this.engine.holdings().find((holding) => holding.symbol === symbol)?.quantity ?? d('0');
    const sales = [...this.engine.openOrders(), ...this.engine.conditionalOrders()].filter((order) => order.symbol === symbol && order.side === 'sell');
    return { total: held, locked: sales.reduce((total, order) => total.plus(order.quantity).minus(order.filledQuantity), d('0')) };
  }

  /** What buys of the live orders have locked, quote currency. */
  lockedCash(): Decimal {
    return this.engine.openOrders().filter((order) => order.side === 'buy').reduce(
      (total, order) => total.plus(order.quantity.minus(order.filledQuantity).times(order.limit ?? '0')), d('0'));
  }

  fills(): readonly VenueFill[] {
    return this.engine.fills();
  }

  /** The next so many calls of these kinds go wrong so. */
  strike(calls: readonly CallName[], fault: WireFault, left = 1): void {
    this.#strikes.push({ calls, fault, left });
  }

  nextFault(call: CallName): WireFault | null {
    const strike = this.#strikes.find((one) => one.left > 0 && one.calls.includes(call));
    if (strike === undefined) return null;
    strike.left -= 1;
    return strike.fault;
  }
}

/** A number of an id that the core makes, such as 12 of P12. */
export const numberOf = (id: string): number => Number(id.slice(1));

/** Tells refusals that a venue words otherwise. */
export type RefusalWords<T> = Partial<Record<RefusalCode, T>>;

export interface RunningVenue {
  readonly venue: LoopbackVenue;
  readonly url: string;
  stop(): Promise<void>;
}

/** Opens the venue's door. */
export const startLoopback = async (venue: LoopbackVenue, protocol: WireProtocol): Promise<RunningVenue> => {
  const server = createServer((request, response) => {
    void answer(venue, protocol, request, response).catch((error: unknown) => {
      response.writeHead(599).end(String(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    venue,
    url: `http://127.0.0.1:${address.port}`,
    stop: () => new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
};

const answer = async (venue: LoopbackVenue, protocol: WireProtocol, incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
  const request = await readRequest(incoming);
  const route = protocol.routes.find(({ method, path }) => method === request.method && path.test(request.path));
  if (route === undefined) return send(response, { status: 404, body: { missing: `${request.method} ${request.path}` } });
  const found = [...(route.path.exec(request.path) ?? [])].slice(1);
  const turnedAway = route.call === 'public' ? null : protocol.admit(request);
  if (turnedAway !== null) return send(response, turnedAway);
  venue.calls.push(route.call);
  venue.requests.push(request);
  const take = (): WireReply => {
    const reply = route.answer({ ...request, found });
    return { ...reply, headers: { ...protocol.headers?.(), ...reply.headers } };
  };
  const fault = venue.nextFault(route.call);
  if (fault === null) return send(response, take());
  if (fault.kind === 'LIMITED') return send(response, protocol.limited(fault.retryAfterSeconds));
  if (fault.when === 'AFTER') take();
  if (fault.kind === 'REPLY') return send(response, fault.reply);
  if (fault.kind === 'LOST') response.destroy();
};

const send = (response: ServerResponse, { status, body, headers = {} }: WireReply): void => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text);
};

const readRequest = async (incoming: IncomingMessage): Promise<WireRequest> => {
  let body = '';
  for await (const chunk of incoming) body += String(chunk);
  const [path = '', query = ''] = (incoming.url ?? '').split('?');
  return {
    method: incoming.method ?? 'GET',
    path: decodeURIComponent(path),
    query,
    body,
    headers: incoming.headers,
    fields: { ...Object.fromEntries(new URLSearchParams(query)), ...fieldsOf(body) },
    found: [],
  };
};

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const fieldsOf = (body: string): Readonly<Record<string, string>> => {
  if (!/^\s*[{[]/.test(body)) return Object.fromEntries(new URLSearchParams(body));
  const parsed: unknown = JSON.parse(body);
  return fieldsIn(Array.isArray(parsed) ? (parsed as unknown[])[0] : parsed);
};

/** The fields of one object of a body, as text. */
export const fieldsIn = (fields: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(fields as Record<string, unknown>).map(([name, value]) => [name, textOf(value)]));
