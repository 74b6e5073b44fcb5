// Puts together what a run left behind: in the table, at the venue and in its journal.
import { Decimal, sum } from '../../../shared/domain/decimal.ts';
import type { OrderRecord } from '../../../shared/domain/decision.ts';
import type { LatencySummary } from '../../../shared/domain/latency.ts';
import { summariseLatency } from '../../../shared/domain/latency.ts';
import { ordersIn } from '../../../shared/domain/slot-orders.ts';
import type { Slot } from '../../../shared/domain/slot.ts';
import type { CheckResult, FillFact, MemoryPeak, OrderFact, RunFacts, Sample, StealFact } from '../report/facts.ts';
import { markOpenLots, pairFills } from '../report/round-trips.ts';
import { uncoveredStretches } from './coverage.ts';
import type { PreparedRun } from './prepare-run.ts';
import { START_EQUITY } from './prepare-run.ts';
import type { ReplayWorld } from './replay-world.ts';
import type { RunJournal, StepEntry } from './run-journal.ts';
import type { StoreFacts, VenueFacts } from './self-check.ts';
import { added } from './run-counters.ts';
import { equityCheck, selfCheck } from './self-check.ts';
import { countedStretches, promiseChecks, stopFacts } from './stop-facts.ts';
import { readTableIndex } from './table-index.ts';

/** Reads everything, checks it, and returns what the report is made of. */
export async function collectFacts(
  run: PreparedRun,
  world: ReplayWorld,
  { entries, isResumed }: Pick<RunJournal, 'entries' | 'isResumed'>,
  memory: MemoryPeak,
): Promise<RunFacts> {
  const store = await storeFacts(world);
  const venue = world.venue.snapshot();
  const stretches = countedStretches(uncoveredStretches(venue.history, world.cloud.clock.now()), entries);
  const stops = stopFacts(run, { entries, isResumed }, venue.history, stretches);
  const notes = added(entries.map((entry) => entry.notes));
  const fills = fillFacts(store.records, venue.fills);
  const lastPrices = lastPricesOf(run);
  return {
    ...runFacts(run),
    steps: entries.length,
    samples: entries.map(sampleOf),
    steals: await stealFacts(world),
    refused: added(entries.map(({ refused }) => refused)),
    fills,
    orders: store.records.map(orderFact),
    lastPrices,
    stops,
    notes,
    latency: latencyOf(added(entries.map(({ latency }) => latency))),
    openActions: (await world.store.openActions(world.cloud.account)).map(({ id, state }) => `${id} ${state}`),
    conflicts: added(entries.map(({ conflicts }) => conflicts)),
    units: {
      read: entries.reduce((total, { read }) => total + read, 0),
      write: entries.reduce((total, { write }) => total + write, 0),
    },
    memory,
    wallSeconds: entries.reduce((total, { seconds }) => total + seconds, 0),
    checks: [
      ...selfCheck(world.auditor.mirror, store, venueFacts(venue)),
      moneyCheck(fills, lastPrices, venue.equity),
      ...promiseChecks({ run, history: venue.history, records: store.records, stretches, stops, notes, isResumed }),
    ],
  };
}

const runFacts = (run: PreparedRun) => ({
  from: run.range.from,
  to: run.range.to,
  symbols: run.symbols,
  stealing: stealingOf(run),
  tolerance: run.settings.workStealingTolerance,
  protection: run.settings.workStealingProtection,
  startEquity: START_EQUITY,
});

const stealingOf = ({ settings }: PreparedRun): RunFacts['stealing'] => {
  if (!settings.workStealingEnabled) return 'OFF';
  return settings.workStealingDryRun ? 'DRY_RUN' : 'ON';
};

async function storeFacts({ store, cloud }: ReplayWorld): Promise<StoreFacts> {
  const { account, tableName, endpoints } = cloud;
  const index = await readTableIndex({ endpoint: endpoints.dynamodb, tableName, account });
  const records: OrderRecord[] = [];
  for (const clientOrderId of index.clientOrderIds) {
    const scope = { kind: 'ORDER', clientOrderId, tradeIds: [], webhookId: null, actionIds: [] } as const;
    const { orders } = await store.load(account, scope);
    records.push(...orders.values());
  }
  const { slots } = await store.audit(account);
  return { records: records.map((record) => upToDate(record, slots)), fills: index.fills, trips: index.trips, slots };
}

// A record is behind while its order is in its slot: the slot then holds what is known of it.
function upToDate(record: OrderRecord, slots: readonly Slot[]): OrderRecord {
  if (record.place !== 'IN_SLOT') return record;
  const { clientOrderId } = record.order;
  const held = slots.flatMap(ordersIn).find(({ order }) => order.clientOrderId === clientOrderId);
  return held === undefined ? record : { ...record, order: held.order };
}

type VenueSnapshot = ReturnType<ReplayWorld['venue']['snapshot']>;

function venueFacts({ orders, fills, positions }: VenueSnapshot): VenueFacts {
  return {
    orders,
    fills,
    holdings: Object.fromEntries(positions.map(({ symbol, quantity }) => [symbol, quantity])),
  };
}

// Fills are told as the venue has them: the self-check shows that the store counted the same ones.
function fillFacts(records: readonly OrderRecord[], fills: VenueSnapshot['fills']): readonly FillFact[] {
  const purposes = new Map(records.map(({ order }) => [order.clientOrderId, order.purpose]));
  return fills.map(({ tradeId, clientOrderId, symbol, side, price, quantity, at }) => {
    const purpose = purposes.get(clientOrderId) ?? (side === 'buy' ? 'ENTRY' : 'EXIT');
    return { tradeId, clientOrderId, symbol, purpose, side, price, quantity, at };
  });
}

const orderFact = ({ order, ref }: OrderRecord): OrderFact => ({
  clientOrderId: order.clientOrderId,
  symbol: ref.symbol,
  purpose: order.purpose,
  status: order.status,
  filledQuantity: order.filledQuantity,
});

async function stealFacts({ store, cloud }: ReplayWorld): Promise<readonly StealFact[]> {
  const { steals } = await store.load(cloud.account, { kind: 'BOOK', stealsSince: 0 });
  return steals.map((steal) => ({
    at: steal.at,
    thief: { symbol: steal.thief.symbol, distance: steal.thiefDistance, forecastPnl: steal.thiefPnl },
    victim: { symbol: steal.victim.symbol, distance: steal.victimDistance, forecastPnl: steal.victimPnl },
    fight: steal.fight,
  }));
}

// The counters keep `venue kind milliseconds` and how often; a venue's name holds no space.
function latencyOf(counts: Readonly<Record<string, number>>): readonly LatencySummary[] {
  const samples = Object.entries(counts).flatMap(([name, times]) => {
    const [venue = '', kind = '', ms] = name.split(' ');
    return Array.from({ length: times }, () => ({ venue, kind, ms: Number(ms) }));
  });
  return summariseLatency(samples);
}

const sampleOf = ({ at, equity, cap, free, wanted }: StepEntry): Sample => ({
  at,
  equity: new Decimal(equity),
  cap: new Decimal(cap),
  free: new Decimal(free),
  wanted: new Decimal(wanted),
});

function lastPricesOf({ steps }: PreparedRun): Readonly<Record<string, Decimal>> {
  const prices = steps.flatMap((step) => (step.kind === 'PRICES' ? step.prices : []));
  return Object.fromEntries(prices.map(({ symbol, price }) => [symbol, price]));
}

function moneyCheck(fills: readonly FillFact[], prices: Readonly<Record<string, Decimal>>, found: Decimal): CheckResult {
  const { roundTrips, openLots } = pairFills(fills);
  const realised = sum(roundTrips.map(({ pnl }) => pnl));
  return equityCheck(START_EQUITY.plus(realised).plus(markOpenLots(openLots, prices)), found);
}
