// Ports that remember what was asked of them; each test says what they answer.
import { Decimal } from '../../shared/domain/decimal.ts';
import { DEFAULT_SETTINGS } from '../../shared/domain/settings.ts';
import { nyseCalendar } from '../../shared/adapters/calendar/nyse-calendar.ts';
import { ALL_ACTIVE } from '../../shared/domain/account.ts';
import type { Action } from '../../shared/domain/action.ts';
import type { Capacity } from '../../shared/domain/account.ts';
import { slotKey } from '../../shared/domain/decision.ts';
import type { DailyReport } from '../../shared/domain/daily-report.ts';
import type { Change, Note, Snapshot } from '../../shared/domain/decision.ts';
import { NEVER_RECONCILED } from '../../shared/domain/reconcile-state.ts';
import type { Order, Slot } from '../../shared/domain/slot.ts';
import type { ExitRules } from '../../shared/domain/watch.ts';
import type { Message } from '../../shared/messages.ts';
import type { Market, TraceContext, TradePage, VenueTraits } from '../../shared/ports.ts';
import { FREE_BUDGET } from '../support/free-budget.ts';

export const ACCOUNT = 'paper-1';
export const NOW = Date.UTC(2025, 5, 4, 15, 0, 0);

const PAPER: VenueTraits = { venue: 'paper', amends: true, stopMoves: 'AMEND', icebergs: false, mostIcebergParts: null, postOnly: true, maxClientOrderIdLength: 36, quietSeconds: 21 };

export const emptySnapshot = (changes: Partial<Snapshot> = {}): Snapshot => ({
  account: ACCOUNT,
  capacity: null,
  board: { revision: 0, quotes: {}, bars: {}, features: {} },
  slots: new Map(),
  steals: [],
  orders: new Map(),
  actions: new Map(),
  countedTrades: new Set(),
  webhookSeen: false,
  reconcile: NEVER_RECONCILED,
  ...changes,
});

export interface Sent {
  readonly message: Message;
  readonly delaySeconds: number;
}

/** Builds dependencies of every function over ports that remember. */
export const fakeDeps = (given: { markets?: readonly Market[]; snapshot?: Snapshot; secrets?: readonly string[]; action?: Action } = {}) => {
  const commits: (readonly Change[])[] = [];
  const loads: unknown[] = [];
  const sent: Sent[] = [];
  const notes: { note: Note; trace: TraceContext }[] = [];
  const saved: (readonly Market[])[] = [];
  const kept = new Map<string, DailyReport>();
  const told: { subject: string; text: string }[] = [];
  const clock = { at: NOW };
  const failures: { commit: Error | null; load: Error | null; send: Error | null } = { commit: null, load: null, send: null };
  let nextId = 0;
  const deps = {
    account: ACCOUNT,
    settings: DEFAULT_SETTINGS,
    calendar: nyseCalendar(),
    traits: PAPER,
    batches: null,
    budget: FREE_BUDGET,
    clock: { now: () => clock.at, sleep: async () => undefined },
    ids: { next: () => `id-${(nextId += 1)}`, fraction: () => 0.5 },
    telemetry: {
      record: (note: Note, trace: TraceContext) => void notes.push({ note, trace }),
      count: () => undefined,
    },
    reports: {
      readPast: async () => ({ trips: [], steals: [] }),
      find: async (_account: string, date: string) => kept.get(date) ?? null,
      keep: async (_account: string, report: DailyReport) => {
        if (kept.has(report.date)) return false;
        kept.set(report.date, report);
        return true;
      },
    },
    notices: { publish: async (subject: string, text: string) => void told.push({ subject, text }) },
    secrets: { webhookSecrets: async () => given.secrets ?? ['first-secret-of-the-test', 'second-secret-of-the-test'] },
    queues: {
      send: async (message: Message, options?: { readonly delaySeconds?: number }) => {
        if (failures.send !== null) throw failures.send;
        sent.push({ message, delaySeconds: options?.delaySeconds ?? 0 });
      },
    },
    store: {
      load: async (_account: string, scope: unknown) => {
        if (failures.load !== null) throw failures.load;
        loads.push(scope);
        return given.snapshot ?? emptySnapshot();
      },
      commit: async (_account: string, changes: readonly Change[]) => {
        if (failures.commit !== null) throw failures.commit;
        commits.push(changes);
      },
      findAction: async () => given.action ?? null,
      openActions: async () => [],
      audit: async () => ({ before: null, slots: [], after: null }),
      findMarket: async (_account: string, symbol: string) =>
        (given.markets ?? []).find((market) => market.symbol === symbol) ?? null,
      saveMarkets: async (_account: string, markets: readonly Market[]) => {
        saved.push(markets);
        return markets.length;
      },
    },
  };
  return { deps, commits, loads, sent, notes, saved, kept, told, clock, failures };
};

export const context = (overrides: Record<string, unknown> = {}) => ({
  callbackWaitsForEmptyEventLoop: false,
  functionName: 'function',
  functionVersion: '1',
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:function',
  memoryLimitInMB: '512',
  awsRequestId: 'request-1',
  logGroupName: 'log',
  logStreamName: 'stream',
  getRemainingTimeInMillis: () => 30_000,
  done: () => undefined,
  fail: () => undefined,
  succeed: () => undefined,
  ...overrides,
});

/** A function URL's event. */
export const request = (
  body: string | null,
  given: { headers?: Record<string, string>; method?: string; base64?: boolean } = {},
) => ({
  version: '2.0',
  routeKey: '$default',
  rawPath: '/',
  rawQueryString: '',
  headers: { 'content-type': 'application/json', ...given.headers },
  requestContext: { http: { method: given.method ?? 'POST', path: '/', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1' } },
  ...(body === null ? {} : { body }),
  isBase64Encoded: given.base64 ?? false,
});

/** A queue's event: one record a body, named m1, m2 and so on. */
export const batch = (bodies: readonly unknown[], given: { fifo?: boolean; groups?: readonly string[] } = {}) => ({
  Records: bodies.map((body, index) => ({
    messageId: `m${index + 1}`,
    receiptHandle: `r${index + 1}`,
    body: typeof body === 'string' ? body : JSON.stringify(body),
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '0',
      SenderId: 'sender',
      ApproximateFirstReceiveTimestamp: '0',
      ...(given.groups === undefined ? {} : { MessageGroupId: given.groups[index] }),
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: `arn:aws:sqs:us-east-1:000000000000:queue${given.fifo === true ? '.fifo' : ''}`,
    awsRegion: 'us-east-1',
  })),
});

export const failedIds = (response: { batchItemFailures: readonly { itemIdentifier: string }[] } | undefined) =>
  (response?.batchItemFailures ?? []).map((failure) => failure.itemIdentifier);

/** A venue that has nothing, knows nobody and remembers its calls; or fails where it is told to. */
export const fakeExchange = (failing: { findOrder?: Error; quotes?: Error; equity?: Error } = {}) => {
  const calls: string[] = [];
  const answer = <Value>(call: string, value: Value, failure?: Error): Promise<Value> => {
    calls.push(call);
    return failure === undefined ? Promise.resolve(value) : Promise.reject(failure);
  };
  const refused = { kind: 'REFUSED', code: 'NOBODY_HERE' } as const;
  return {
    calls,
    traits: PAPER,
    batches: null,
    place: (order: { clientOrderId: string }) => answer(`place ${order.clientOrderId}`, refused),
    cancel: (order: { clientOrderId: string }) => answer(`cancel ${order.clientOrderId}`, refused),
    amend: (order: { clientOrderId: string }) => answer(`amend ${order.clientOrderId}`, refused),
    findOrder: (order: { clientOrderId: string }) => answer(`findOrder ${order.clientOrderId}`, null, failing.findOrder),
    openOrders: () => answer('openOrders', []),
    conditionalOrders: () => answer('conditionalOrders', []),
    recentTrades: (cursor: string | null) => answer<TradePage>(`recentTrades ${cursor}`, { trades: [], cursor, more: false }),
    positions: () => answer('positions', []),
    findPosition: (symbol: string) => answer(`findPosition ${symbol}`, null),
    markets: () => answer('markets', []),
    quotes: (symbols: readonly string[]) => answer(`quotes ${symbols.join(',')}`, {}, failing.quotes),
    equity: () => answer('equity', { equity: new Decimal(10_000), at: NOW }, failing.equity),
  };
};

const some = (text: string) => new Decimal(text);
const rules = { tickSize: some('0.01'), lotSize: some('0.001'), minQuantity: some('0.001'), minNotional: some('1'), priceBand: null };
export const AAPL: Market = { symbol: 'AAPL', assetClass: 'stock', rules };
export const BTC: Market = { symbol: 'BTC/USD', assetClass: 'crypto', rules };

const exitRules: ExitRules = {
  takeProfit: null,
  maxHold: null,
  stop: { kind: 'limit', ownStop: null },
  hours: 'NYSE',
  own: {},
  netted: false,
  market: rules,
};

export const CAPACITY: Capacity = {
  equity: some('10000'),
  equityAt: NOW,
  cap: some('20000'),
  free: some('20000'),
  capOfClass: { stock: some('20000'), crypto: some('20000') },
  freeOfClass: { stock: some('20000'), crypto: some('20000') },
  sequence: 0,
  kill: ALL_ACTIVE,
  day: null,
  peak: null,
  stopStreak: 0,
  passing: null,
  restore: null,
};

/** An account in which one entry of AAPL, order `o1`, has been sent and nothing has been heard of it yet. */
export const snapshotWithOrder = (changes: Partial<Snapshot> = {}): Snapshot => {
  const order: Order = {
    clientOrderId: 'o1',
    exchangeOrderId: null,
    purpose: 'ENTRY',
    fence: 1,
    side: 'buy',
    quantity: some('3'),
    limit: some('101.5'),
    stopPrice: null,
    status: 'SUBMITTED',
    filledQuantity: some('0'),
    filledNotional: some('0'),
    tradedQuantity: some('0'),
    createdAt: NOW - 1_000,
  };
  const slot: Slot = {
    symbol: 'AAPL',
    slot: 'main',
    assetClass: 'stock',
    revision: 2,
    fence: 1,
    watchVersion: 1,
    planVersions: { dips: 1 },
    watch: {
      kind: 'limit',
      strategy: 'dips',
      planVersion: 1,
      symbol: 'AAPL',
      slot: 'main',
      assetClass: 'stock',
      side: 'buy',
      limit: some('101.5'),
      quantity: some('3'),
      forecastPnl: null,
      mode: 'normal',
      group: null,
      rank: null,
      tolerance: null,
      expiresAt: NOW + 3_600_000,
      exit: exitRules,
      maxAttempts: null,
      style: { kind: 'PLAIN' },
      level: null,
    },
    pending: null,
    entry: { status: 'PLACING', order },
    position: { status: 'FLAT' },
    parts: null,
    attempts: { day: '2025-06-04', count: 0, refused: 0 },
    lastStolen: null,
    dust: new Decimal(0),
    triggered: null,
  };
  const ref = { symbol: 'AAPL', slot: 'main' };
  const record = { ref, assetClass: 'stock', order, mode: 'normal', rules: exitRules, place: 'IN_SLOT', revision: 1 } as const;
  return emptySnapshot({ slots: new Map([[slotKey(ref), slot]]), orders: new Map([['o1', record]]), ...changes });
};
