// What makes each alarm fire: the real pipeline brought into that state, or what AWS itself measures then.
import { createKeyCheck } from '../../../functions/support/key-check.ts';
import { applyEvent } from '../../../shared/apply-event.ts';
import { auditCapacity } from '../../../shared/reconcile-audit.ts';
import { beginRun } from '../../../shared/reconcile-run.ts';
import { createSharedBudget } from '../../../shared/shared-budget.ts';
import { findVenueBudget } from '../../../shared/venue-budgets.ts';
import { NOON, PAPER_TRAITS, d } from '../../support/builders.ts';
import { MemoryStates } from '../../support/memory-states.ts';
import { World } from '../../support/world.ts';
import type { WorldOptions } from '../../support/world.ts';
import type { Probe } from './probe.ts';
import { apiId, deadLettersName, functionName, queueName, tableName, undeliveredName } from './watched-stack.ts';

export type Cause = (probe: Probe) => Promise<void>;

const TRACE = { account: 'paper-1', source: 'action', requestId: 'r', correlationId: 'c' } as const;
const MINUTE = 60_000;
const AAPL = { symbol: 'AAPL', limit: '100', quantity: '1' } as const;

const opened = async (probe: Probe, options: WorldOptions = {}): Promise<World> => probe.watch(await World.open(options));

const entered = async (probe: Probe, options: WorldOptions = {}): Promise<World> => {
  const world = await opened(probe, options);
  await world.plan(1, [{ ...AAPL, quantity: '10' }]);
  await world.tick({ AAPL: '100.1' });
  return world;
};

const filled = (world: World): void => world.venue.fill(world.order('AAPL').clientOrderId, '10');

/** The ring of its stop is lost, and nobody looks for more than a minute. */
export const unprotected: Cause = async (probe) => {
  const world = await entered(probe, { loses: ({ kind }) => kind === 'STOP_ACTION' || kind === 'WATCHDOG' });
  filled(world);
  await world.drain();
  world.now += MINUTE + 1_000;
  await world.apply({ type: 'SLOT_CHECKED', ref: { symbol: 'AAPL', slot: 'main' } });
};

/** The fill is heard of only when reconcile reads the trades, more than a minute later, and the stop comes then. */
export const protectedLate: Cause = async (probe) => {
  const world = await entered(probe);
  world.webhooksHeld = true;
  filled(world);
  world.now += 90_000;
  await world.reconcile();
  await world.drain();
};

const stopRefused: Cause = async (probe) => {
  const world = await entered(probe);
  world.venue.next('place', { kind: 'REFUSED', code: 'BUSY' });
  filled(world);
  await world.drain();
};

const doesNotAddUp: Cause = async (probe) => {
  const world = await entered(probe);
  const { capacity } = world.account;
  if (capacity === null) throw new Error('no capacity');
  // The world itself looks after each commit, so the audit alone may see this.
  world.account.capacity = { ...capacity, free: capacity.free.minus('0.01') };
  await auditCapacity(await beginRun(world.deps, TRACE));
};

/** A position that nobody's order explains, seen until it is believed. */
const foreign: Cause = async (probe) => {
  const world = await opened(probe);
  world.unexplained.add('NVDA');
  await world.plan(1, [{ symbol: 'NVDA', limit: '50', quantity: '1' }]);
  await world.tick({ NVDA: '100' });
  world.venue.trade({ symbol: 'NVDA', side: 'buy', quantity: d(3), price: d(100) });
  for (let run = 0; run < 3; run += 1) {
    await world.reconcile();
    await world.pass(60);
  }
};

/** A report of an order that its slot no longer holds. */
const raced: Cause = async (probe) => {
  const world = await entered(probe);
  const { clientOrderId } = world.order('AAPL');
  const record = world.account.orders.get(clientOrderId);
  if (record === undefined) throw new Error('no record');
  world.account.orders.set('E9-other', { ...record, order: { ...record.order, clientOrderId: 'E9-other', fence: 9 } });
  await world.report({ ...world.venue.report(world.venue.order(clientOrderId)), clientOrderId: 'E9-other', status: 'CANCELLED' });
};

const reduced: Cause = async (probe) => {
  const world = await opened(probe);
  await world.kill('REDUCING', { kind: 'CLASS', assetClass: 'crypto' });
  await world.reconcile();
};

const neverSent: Cause = async (probe) => {
  const world = await entered(probe, { loses: ({ kind }) => kind === 'ACTION' });
  world.now += 5 * MINUTE + 1_000;
  await world.reconcile();
};

const neverHeardOf: Cause = async (probe) => {
  const world = await opened(probe, { loses: ({ kind }) => kind === 'LOOKUP' });
  world.webhooksHeld = true;
  world.venue.next('place', { kind: 'LOST_AFTER' });
  await world.plan(1, [AAPL]);
  await world.tick({ AAPL: '100.1' });
  world.now += 5 * MINUTE + 1_000;
  await world.reconcile();
};

const slow: Cause = async (probe) => {
  let world: World | null = null;
  const pause = async (operation: string): Promise<void> => {
    if (operation === 'answered' && world !== null) world.now += 501;
  };
  world = await opened(probe, { pause });
  await world.plan(1, [AAPL]);
  await world.tick({ AAPL: '100.1' });
};

const rejected: Cause = async (probe) => {
  const world = await opened(probe);
  const symbols = ['AAPL', 'MSFT', 'NVDA'];
  world.venue.next('place', ...symbols.map(() => ({ kind: 'REFUSED', code: 'NO_FUNDS' }) as const));
  await world.plan(1, symbols.map((symbol) => ({ ...AAPL, symbol })));
  await world.tick({ AAPL: '100.1', MSFT: '100.1', NVDA: '100.1' });
};

/** The venue answers everything but one read, run after run. */
export const unreadable: Cause = async (probe) => {
  const world = await opened(probe);
  await world.reconcile();
  world.venue.failing.add('openOrders');
  for (let run = 0; run < 10; run += 1) {
    world.now += MINUTE;
    await world.reconcile();
  }
};

const budgetOf = (probe: Probe) => {
  const clock = { now: () => NOON, sleep: async () => undefined };
  const ids = { fraction: () => 0.5 };
  return createSharedBudget({ venue: findVenueBudget('paper'), states: new MemoryStates(), clock, ids, telemetry: probe.telemetry(clock) });
};

const circuitOpen: Cause = async (probe) => {
  const budget = budgetOf(probe);
  for (let refusal = 0; refusal < 3; refusal += 1) await budget.placed({ kind: 'REFUSED', code: 'NO_FUNDS' });
  await budget.ask('PLACE', 'ENTRY');
};

const banned: Cause = async (probe) => budgetOf(probe).paused({ kind: 'BANNED', milliseconds: 30_000 });

const withdrawable: Cause = async (probe) => {
  const clock = { now: () => NOON };
  const { count } = probe.telemetry(clock);
  await createKeyCheck({ traits: PAPER_TRAITS, canWithdraw: async () => true }, { clock, tell: () => undefined, count })();
};

const skewed: Cause = async (probe) => {
  const world = await opened(probe);
  world.webhooksHeld = true;
  world.venue.next('place', { kind: 'LOST_AFTER' });
  await world.plan(1, [AAPL]);
  await world.tick({ AAPL: '100.1' });
  const { clientOrderId } = world.order('AAPL');
  const report = { ...world.venue.report(world.venue.order(clientOrderId)), at: world.now - 1_001 };
  const outcome = { kind: 'ACCEPTED', report } as const;
  await applyEvent(world.deps, { type: 'ACTION_ANSWERED', actionId: `${clientOrderId}:PLACE`, clientOrderId, outcome }, TRACE);
};

/** A day of so many writes that they alone cost more than the share of a limit of 100 dollars. */
const dear: Cause = async (probe) => probe.telemetry({ now: () => NOON }).count('write_units_total', 4_000_000);

const aws =
  (namespace: string, metric: string, dimensions: () => Readonly<Record<string, string>>, value: number): Cause =>
  async ({ store }) =>
    store.put(namespace, metric, dimensions(), { at: NOON, value });

const QUEUES = { stops: 60, actions: 120, lookups: 1200, watchdogs: 300, steals: 120, quotes: 120, 'quote-ticks': 180, 'reconcile-ticks': 180 };
const TIMEOUTS = { 'plan-intake': 60, 'quote-poll': 30, 'entry-watch': 30, 'steal-attempt': 30, 'order-action': 60, 'order-webhook': 20, reconcile: 60, session: 60, operator: 29 };

const ofFunction = ([name, seconds]: [string, number]): [string, Cause][] => {
  const dimensions = () => ({ FunctionName: functionName(name) });
  return [
    [`errors-${name}`, aws('AWS/Lambda', 'Errors', dimensions, name === 'quote-poll' ? 6 : 1)],
    [`throttles-${name}`, aws('AWS/Lambda', 'Throttles', dimensions, 1)],
    // What Lambda measures of an invocation that it ended.
    [`timeouts-${name}`, aws('AWS/Lambda', 'Duration', dimensions, seconds * 1000)],
  ];
};

const ofQueue = ([name, seconds]: [string, number]): [string, Cause][] => [
  [`dead-letters-${name}`, aws('AWS/SQS', 'ApproximateNumberOfMessagesVisible', () => ({ QueueName: deadLettersName(name) }), 1)],
  [`waiting-${name}`, aws('AWS/SQS', 'ApproximateAgeOfOldestMessage', () => ({ QueueName: queueName(name) }), seconds + 1)],
];

const ofApi = () => ({ ApiId: apiId() });

/** By the alarm's id; that of a heartbeat is that nothing happens. */
export const CAUSES: ReadonlyMap<string, Cause> = new Map<string, Cause>([
  ['unprotected-position', unprotected],
  ['stops-refused', stopRefused],
  ['capacity-mismatch', doesNotAddUp],
  ['anomaly-detected', foreign],
  ['race-detected', raced],
  ['position-mismatch', foreign],
  ['kill-switch', reduced],
  ['stuck-intents', neverSent],
  ['unknown-outcomes', neverHeardOf],
  ['order-latency', slow],
  ['orders-rejected', rejected],
  ['reconcile-stale', unreadable],
  ['venue-circuit-open', circuitOpen],
  ['venue-banned', banned],
  ['key-can-withdraw', withdrawable],
  ['clock-skew', skewed],
  ...Object.entries(QUEUES).flatMap(ofQueue),
  ['dead-letters-undelivered', aws('AWS/SQS', 'ApproximateNumberOfMessagesVisible', () => ({ QueueName: undeliveredName() }), 1)],
  ...Object.entries(TIMEOUTS).flatMap(ofFunction),
  ['table-throttled', aws('AWS/DynamoDB', 'WriteThrottleEvents', () => ({ TableName: tableName() }), 1)],
  ['api-5xx', aws('AWS/ApiGateway', '5xx', ofApi, 5)],
  ['api-4xx', aws('AWS/ApiGateway', '4xx', ofApi, 100)],
  ['spend', dear],
]);
