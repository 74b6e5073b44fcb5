// A relay between a venue and a stream that a test plays, and a door that takes webhooks or does not.
import { createRelay } from '../../../../console/claimjump/relay/relay.ts';
import type { Relay, RelayStatus } from '../../../../console/claimjump/relay/relay.ts';
import { USUAL_PACE } from '../../../../console/claimjump/relay/relay-deps.ts';
import type { Pace, Progress, RelayClock, RelayDeps } from '../../../../console/claimjump/relay/relay-deps.ts';
import type { Webhook } from '../../../../console/claimjump/relay/webhooks.ts';
import { Decimal } from '../../../../shared/domain/decimal.ts';
import { clientOrderId } from '../../../../shared/domain/client-order-id.ts';
import type { OrderReport, Trade } from '../../../../shared/domain/order-report.ts';
import type { Quote } from '../../../../shared/domain/quote.ts';
import type { AccountTrade } from '../../../../shared/ports.ts';
import type { StreamNews } from '../../../../shared/venue-stream.ts';
import { NOW } from '../../../functions/fakes.ts';

export const d = (text: string): Decimal => new Decimal(text);

/** An id as ours are made. */
export const ours = (fence: number, symbol = 'BTC/USD'): string =>
  clientOrderId({ account: 'paper-1', symbol, slot: 'main', purpose: 'ENTRY', fence }, { maxLength: 32 });

export const report = (id: string, changes: Partial<OrderReport> = {}): OrderReport => ({
  clientOrderId: id, exchangeOrderId: `X-${id}`, symbol: 'BTC/USD', status: 'OPEN', filledQuantity: d('0'), averagePrice: null, quantity: d('2'),
  limit: d('100'), stopPrice: null, refusal: null, trades: [], at: NOW, ...changes,
});

export const trade = (tradeId: string, quantity: string): Trade => ({ tradeId, price: d('100'), quantity: d(quantity), fee: null, liquidity: 'MAKER', at: NOW });

/** What the venue says, and how often it was asked. */
export class FakeVenue {
  readonly orders = new Map<string, OrderReport>();
  readonly trades: AccountTrade[] = [];
  readonly quotesNow: Record<string, Quote> = {};
  readonly asked: string[] = [];
  /** Thrown by the next reads, one each. */
  readonly failures: Error[] = [];
  /** What a read of an order says in the place of the truth, one each. */
  readonly staleReads: OrderReport[] = [];

  readonly port: RelayDeps['venue'] = {
    findOrder: async ({ clientOrderId: id }) => {
      this.#ask(`find ${id}`);
      return this.staleReads.shift() ?? this.orders.get(id) ?? null;
    },
    openOrders: async () => {
      this.#ask('open');
      return [...this.orders.values()].filter(({ status, stopPrice }) => stopPrice === null && ['OPEN', 'PARTIALLY_FILLED'].includes(status));
    },
    conditionalOrders: async () => {
      this.#ask('conditional');
      return [...this.orders.values()].filter(({ status, stopPrice }) => stopPrice !== null && status === 'OPEN');
    },
    recentTrades: async (cursor) => {
      this.#ask(`trades ${String(cursor)}`);
      const from = Number(cursor ?? '0');
      const page = this.trades.slice(from, from + 2);
      return { trades: page, cursor: String(from + page.length), more: this.trades.length > from + page.length };
    },
    quotes: async () => {
      this.#ask('quotes');
      return this.quotesNow;
    },
  };

  fill(id: string, tradeId: string, quantity: string): OrderReport {
    const before = this.orders.get(id) ?? report(id);
    const filledQuantity = (before.filledQuantity ?? d('0')).plus(quantity);
    const isWhole = filledQuantity.equals(before.quantity ?? d('0'));
    const one = trade(tradeId, quantity);
    this.trades.push({ ...one, clientOrderId: id, symbol: before.symbol, side: 'buy' });
    const after: OrderReport = { ...before, status: isWhole ? 'FILLED' : 'PARTIALLY_FILLED', filledQuantity, averagePrice: d('100'), trades: [...before.trades, one] };
    this.orders.set(id, after);
    return after;
  }

  #ask(what: string): void {
    this.asked.push(what);
    const failure = this.failures.shift();
    if (failure !== undefined) throw failure;
  }
}

export const wait = (milliseconds: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, milliseconds));

export const until = async (holds: () => boolean, what = 'what was waited for', milliseconds = 8_000): Promise<void> => {
  const end = performance.now() + milliseconds;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`${what} did not come`);
    await wait(3);
  }
};

const began = Date.now();
export const benchClock: RelayClock = {
  now: () => NOW + (Date.now() - began),
  fraction: () => 0,
  pause: (milliseconds, stop) =>
    new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(end, stop.aborted ? 0 : milliseconds);
      stop.addEventListener('abort', end, { once: true });
    }),
};

export const FAST: Pace = { ...USUAL_PACE, firstPauseMs: 4, longestPauseMs: 16, pricesEveryMs: 5, tradesEveryMs: 20, explainedWithinMs: 10, saveEveryMs: 2 };

export interface RelayBench {
  readonly venue: FakeVenue;
  readonly relay: Relay;
  readonly lines: { readonly event: string; readonly facts: unknown }[];
  /** Webhooks as they were sent, taken or not. */
  readonly sent: Webhook[];
  readonly taken: Webhook[];
  /** Whether the door takes what comes. */
  door: (webhook: Webhook) => Promise<boolean> | boolean;
  readonly kept: { progress: Progress };
  tell(news: StreamNews): void;
  status(): RelayStatus;
  stop(): Promise<void>;
}

export interface BenchOptions {
  readonly venue?: FakeVenue;
  readonly symbols?: readonly string[];
  readonly pace?: Partial<Pace>;
  readonly progress?: Progress;
}

/** Starts a relay; it is told that the stream stands unless a test does that itself. */
export const startRelay = (options: BenchOptions = {}): RelayBench => {
  const venue = options.venue ?? new FakeVenue();
  const stop = new AbortController();
  const ears: ((news: StreamNews) => void)[] = [];
  const kept = { progress: options.progress ?? { cursor: null, live: {} } };
  const lines: { event: string; facts: unknown }[] = [];
  const [sent, taken]: [Webhook[], Webhook[]] = [[], []];
  const relay = createRelay({
    account: 'paper-1', symbols: options.symbols ?? [], venue: venue.port, clock: benchClock, pace: { ...FAST, ...options.pace },
    stream: {
      run: async (tell, stopped) => {
        ears.push(tell);
        await new Promise<void>((resolve) => void stopped.addEventListener('abort', () => resolve(), { once: true }));
      },
    },
    deliver: async (webhook) => {
      sent.push(webhook);
      const isTaken = await bench.door(webhook);
      if (isTaken) taken.push(webhook);
      return isTaken;
    },
    progress: { load: () => kept.progress, save: (progress) => void (kept.progress = progress) },
    log: (event, facts = {}) => void lines.push({ event, facts }),
  });
  const running = relay.run(stop.signal);
  const bench: RelayBench = {
    venue, relay, lines, sent, taken, kept, door: () => true,
    tell: (news) => ears[0]?.(news),
    status: () => relay.status(),
    stop: async () => {
      stop.abort();
      await running;
    },
  };
  return bench;
};

export const heard = (id: string, changes: Partial<Extract<StreamNews, { kind: 'ORDER' }>> = {}): StreamNews => ({
  kind: 'ORDER', order: { clientOrderId: id, symbol: 'BTC/USD' }, exchangeOrderId: `X-${id}`, filledQuantity: null, isOver: false, ...changes,
});

/** What a webhook says of its order, shortly. */
export const said = ({ body }: Webhook): string => {
  const { order, prices } = JSON.parse(body);
  if (prices !== undefined) return prices.map((price: { symbol: string; price: string }) => `${price.symbol} ${price.price}`).join(', ');
  return `${order.status} ${order.filledQuantity} ${order.trades.map((one: { tradeId: string }) => one.tradeId).join('+')}`.trim();
};
