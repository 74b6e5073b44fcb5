// Measurements by hand: what a decision, a commit and the way to the venue cost on this machine. Compare ratios within
// one run; absolute times are those of this machine and of the embedded engine.
import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { startDynoxide } from '../../infra/local/engines/dynoxide.ts';
import { nyseCalendar } from '../../shared/adapters/calendar/nyse-calendar.ts';
import { applyEvent, contextOf } from '../../shared/apply-event.ts';
import { decide } from '../../shared/domain/decide.ts';
import { DEFAULT_SETTINGS } from '../../shared/domain/settings.ts';
import type { Event, Outcome } from '../../shared/domain/event.ts';
import type { Message } from '../../shared/messages.ts';
import { performAction } from '../../shared/perform-action.ts';
import type { Exchange } from '../../shared/ports.ts';
import type { VenueDeps } from '../../shared/shell-deps.ts';
import { connect, createTable, storeOn } from '../contracts/store-bench.ts';
import { exitOf, d, watchOf } from '../contracts/store-samples.ts';
import { FREE_BUDGET } from '../support/free-budget.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '300' }, writers: { type: 'string', default: '64' } } });
const rounds = Number(values.rounds);
const writers = Number(values.writers);
const NOON = Date.UTC(2025, 5, 4, 15, 0, 0);
const trace = { account: 'bench', source: 'tick', requestId: 'r', correlationId: 'c' } as const;

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? 0;

const show = (name: string, unit: string, samples: readonly number[]): void => {
  const sorted = [...samples].sort((a, b) => a - b);
  const figures = [0.5, 0.95, 0.99].map((share) => percentile(sorted, share).toFixed(3).padStart(9));
  console.log(`${name.padEnd(44)} ${figures.join(' ')} ${unit}  (${samples.length})`);
};

const timed = async (work: () => Promise<void>): Promise<number> => {
  const started = performance.now();
  await work();
  return performance.now() - started;
};

const refuse = async (): Promise<never> => {
  throw new Error('not asked for in a bench');
};

const engine = await startDynoxide({ dataDir: null });
const client = connect(engine.endpoint);
await createTable(client);

let sentAt = 0;
const exchange: Exchange = {
  traits: { venue: 'paper', amends: true, stopMoves: 'AMEND', icebergs: false, mostIcebergParts: null, postOnly: true, maxClientOrderIdLength: 36, quietSeconds: 21 },
  batches: null,
  place: async ({ clientOrderId, symbol }): Promise<Outcome> => {
    sentAt = performance.now();
    const filledQuantity = d('0');
    const report = { clientOrderId, exchangeOrderId: 'x', symbol, status: 'OPEN', filledQuantity, averagePrice: null, quantity: null, limit: null, stopPrice: null, refusal: null, trades: [], at: NOON } as const;
    return { kind: 'ACCEPTED', report };
  },
  cancel: refuse,
  amend: refuse,
  findOrder: refuse,
  openOrders: refuse,
  conditionalOrders: refuse,
  recentTrades: refuse,
  positions: refuse,
  findPosition: refuse,
  markets: refuse,
  quotes: refuse,
  equity: refuse,
};

const world = (rung: Message[]): VenueDeps => ({
  account: `bench-${randomUUID()}`,
  settings: DEFAULT_SETTINGS,
  calendar: nyseCalendar(),
  store: storeOn(client, { units: { read: 0, write: 0 } }),
  queues: { send: async (message) => void rung.push(message) },
  clock: { now: () => NOON, sleep: async () => undefined },
  ids: { next: () => randomUUID(), fraction: () => 0.5 },
  telemetry: { record: () => undefined, count: () => undefined },
  traits: exchange.traits,
  exchange,
  budget: FREE_BUDGET,
});

const symbols = Array.from({ length: rounds }, (_, index) => `S${index}`);
const stock = (symbol: string) =>
  watchOf({ symbol, assetClass: 'stock', limit: d('100'), quantity: d('1'), rank: null, expiresAt: NOON + 3_600_000, exit: exitOf() });
const wanted = (symbol: string): Event => ({ type: 'ENTRY_WANTED', ref: { symbol, slot: 'main' }, maySteal: false });
const quotes = Object.fromEntries(symbols.map((symbol) => [symbol, { price: d('100.1'), at: NOON }]));

const opened = async (equity: string, rung: Message[]): Promise<VenueDeps> => {
  const deps = world(rung);
  await applyEvent(deps, { type: 'EQUITY_READ', equity: d(equity), at: NOON }, trace);
  await applyEvent(deps, { type: 'QUOTES_SEEN', quotes, grids: [], featured: [] }, trace);
  for (const symbol of symbols) await applyEvent(deps, { type: 'WATCH_PLANNED', watch: stock(symbol) }, trace);
  return deps;
};

try {
  console.log(`${''.padEnd(44)} ${['p50', 'p95', 'p99'].map((name) => name.padStart(9)).join(' ')}`);
  const rung: Message[] = [];
  const deps = await opened('1000000', rung);
  const book = await deps.store.load(deps.account, { kind: 'BOOK', stealsSince: 0 });
  const decisions: number[] = [];
  for (const symbol of symbols) {
    decisions.push((await timed(async () => void decide(book, wanted(symbol), contextOf(deps)))) * 1000);
  }
  show(`decide an entry, book of ${rounds} slots`, 'µs', decisions);
  const stealing: number[] = [];
  const crowded = { ...book, capacity: book.capacity === null ? null : { ...book.capacity, free: d('0') } };
  for (const symbol of symbols) {
    const event: Event = { type: 'ENTRY_WANTED', ref: { symbol, slot: 'main' }, maySteal: true };
    stealing.push((await timed(async () => void decide(crowded, event, contextOf(deps)))) * 1000);
  }
  show(`decide a steal, book of ${rounds} slots`, 'µs', stealing);
  const commits: number[] = [];
  const sends: number[] = [];
  for (const symbol of symbols) {
    commits.push(await timed(async () => void (await applyEvent(deps, wanted(symbol), trace))));
    const committed = performance.now();
    const message = rung.shift();
    if (message?.kind === 'ACTION') await performAction(deps, message.actionId, trace);
    sends.push(sentAt - committed);
  }
  show('claim: load, decide, commit, ring', 'ms', commits);
  show('commit → order sent', 'ms', sends);
  const loads: number[] = [];
  for (let round = 0; round < 50; round += 1) {
    loads.push(await timed(async () => void (await deps.store.load(deps.account, { kind: 'BOOK', stealsSince: 0 }))));
  }
  show(`read the book, ${rounds} slots`, 'ms', loads);
  const contended = await opened('2000', []);
  const racing = symbols.slice(0, writers);
  const races = await Promise.all(
    racing.map((symbol) => timed(async () => void (await applyEvent(contended, wanted(symbol), trace)))),
  );
  show(`claims at once, room for ${Math.min(racing.length, 40)}`, 'ms', races);
} finally {
  client.destroy();
  await engine.stop();
}
