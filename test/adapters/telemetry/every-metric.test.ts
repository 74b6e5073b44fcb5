// Every metric that EX-12 names, out of the real Powertools and through the real shell: what CloudWatch would read.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { applyEvent } from '../../../shared/apply-event.ts';
import { createLambdaTelemetry } from '../../../shared/adapters/telemetry/lambda-telemetry.ts';
import { d } from '../../support/builders.ts';
import { beforeSteal } from '../../support/steal-world.ts';
import { CountingTelemetry, World } from '../../support/world.ts';

const TRACE = { account: 'paper-1', source: 'action', requestId: 'r', correlationId: 'c' } as const;

/** EX-12, as it stands in the rules: the name, its unit and the labels beside `service`. */
const METRICS: readonly (readonly [string, string, readonly string[]])[] = [
  ['orders_placed_total', 'Count', ['purpose']],
  ['orders_filled_total', 'Count', ['purpose']],
  ['orders_cancelled_total', 'Count', ['purpose']],
  ['orders_rejected_total', 'Count', ['purpose']],
  ['order_latency_ms', 'Milliseconds', ['kind', 'venue']],
  ['fill_rate', 'None', ['purpose']],
  ['round_trips_total', 'Count', ['policy']],
  ['round_trip_pnl_bps', 'None', []],
  ['steals_total', 'Count', []],
  ['steal_refused_total', 'Count', ['reason']],
  ['stops_placed_total', 'Count', []],
  ['stops_refused_total', 'Count', ['code']],
  ['entries_today', 'None', []],
  ['position_mismatch_total', 'Count', ['alert']],
  ['race_detected_total', 'Count', []],
  ['anomaly_detected_total', 'Count', ['kind']],
  ['commit_conflicts_total', 'Count', ['item']],
  ['commit_ms', 'Milliseconds', []],
  ['unprotected_seconds', 'Seconds', []],
  ['capacity_used_ratio', 'None', []],
  ['reconcile_age_seconds', 'Seconds', []],
  ['kill_switch_state', 'None', []],
  ['equity', 'None', []],
  ['pnl_day', 'None', []],
  ['oldest_planned_seconds', 'Seconds', []],
  ['oldest_unknown_seconds', 'Seconds', []],
  ['clock_skew_ms', 'Milliseconds', []],
];

interface Emf {
  readonly _aws: { readonly CloudWatchMetrics: readonly { readonly Dimensions: readonly (readonly string[])[]; readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[] }[] };
}

/** Passes on to the real telemetry what a world tells. */
const telling = (world: World): World => {
  const real = createLambdaTelemetry({ serviceName: 'entry-watch', pipeline: 'claimjump-paper', namespace: 'claimjump' });
  const counting: CountingTelemetry = world.telemetry;
  world.telemetry.record = (note) => {
    CountingTelemetry.prototype.record.call(counting, note);
    real.record(note, TRACE);
  };
  world.telemetry.count = (metric: string, value: number, labels?: Readonly<Record<string, string>>) => {
    CountingTelemetry.prototype.count.call(counting, metric, value);
    real.count(metric, value, labels);
  };
  return world;
};

/** A thief that is refused, then steals; both orders fill; a stop is refused, then placed and hit. */
const steals = async (): Promise<void> => {
  const world = telling(await beforeSteal());
  await world.tick({ MSFT: '101' });
  await world.tick({ MSFT: '100.1' });
  world.venue.next('place', { kind: 'REFUSED', code: 'BUSY' });
  world.venue.fill(world.order('MSFT').clientOrderId, '10');
  await world.drain();
  await world.tick({ MSFT: '100.2' });
  world.venue.fill(world.stopOrder('MSFT').clientOrderId, '10', '95');
  await world.drain();
};

/** An entry that the venue refuses. */
const isRefused = async (): Promise<void> => {
  const world = telling(await World.open());
  world.venue.next('place', { kind: 'REFUSED', code: 'NO_FUNDS' });
  await world.plan(1, [{ symbol: 'AAPL', limit: '100', quantity: '1' }]);
  await world.tick({ AAPL: '100.1' });
};

/** A position that nobody's order explains, seen by reconcile until it is believed. */
const isForeign = async (): Promise<void> => {
  const world = telling(await World.open());
  world.unexplained.add('NVDA');
  await world.plan(1, [{ symbol: 'NVDA', limit: '50', quantity: '1' }]);
  await world.tick({ NVDA: '100' });
  world.venue.trade({ symbol: 'NVDA', side: 'buy', quantity: d(3), price: d(100) });
  for (let run = 0; run < 3; run += 1) {
    await world.reconcile();
    await world.pass(60);
  }
};

/** A decision on what has moved since; and a report of an order that its slot no longer holds. */
const races = async (): Promise<void> => {
  const world = telling(await World.open());
  const ref = { symbol: 'TSLA', slot: 'main' } as const;
  const stale = await world.deps.store.load('paper-1', { kind: 'SLOT', ref });
  await world.plan(1, [{ symbol: 'TSLA', limit: '100', quantity: '4' }]);
  const { watch } = world.slot('TSLA');
  if (watch === null) throw new Error('no watch');
  await applyEvent(world.deps, { type: 'WATCH_PLANNED', watch: { ...watch, planVersion: 9 } }, TRACE, stale);
  await world.tick({ TSLA: '100.1' });
  const { clientOrderId } = world.order('TSLA');
  const record = world.account.orders.get(clientOrderId);
  if (record === undefined) throw new Error('no record');
  world.account.orders.set('E9-other', { ...record, order: { ...record.order, clientOrderId: 'E9-other', fence: 9 } });
  await world.report({ ...world.venue.report(world.venue.order(clientOrderId)), clientOrderId: 'E9-other', status: 'CANCELLED' });
};

describe('EX-12 every metric', () => {
  const written: Emf[] = [];
  const write = process.stdout.write.bind(process.stdout);
  const writeError = process.stderr.write.bind(process.stderr);
  const restore = (): void => {
    process.stdout.write = write;
    process.stderr.write = writeError;
  };
  beforeAll(async () => {
    process.stdout.write = (chunk: string | Uint8Array): boolean => {
      const lines = String(chunk).split('\n').filter((line) => line.includes('"CloudWatchMetrics"'));
      written.push(...lines.map((line): Emf => JSON.parse(line)));
      return true;
    };
    process.stderr.write = () => true;
    try {
      for (const flow of [steals, isRefused, isForeign, races]) await flow();
    } finally {
      restore();
    }
  });
  afterAll(restore);

  it.each(METRICS)('%s is written, in %s, by %j', (name, unit, labels) => {
    const found = written.flatMap(({ _aws }) => _aws.CloudWatchMetrics).filter(({ Metrics }) => Metrics.some((metric) => metric.Name === name));
    expect(found).not.toEqual([]);
    expect(new Set(found.map(({ Metrics }) => Metrics[0]?.Unit))).toEqual(new Set([unit]));
    expect(found[0]?.Dimensions[0]?.filter((each) => each !== 'service').toSorted()).toEqual([...labels].toSorted());
  });

  it('keeps to what CloudWatch takes: one metric a line, few dimensions', () => {
    expect(Math.max(...written.map(({ _aws }) => _aws.CloudWatchMetrics.flatMap(({ Metrics }) => Metrics).length))).toBe(1);
    expect(Math.max(...written.flatMap(({ _aws }) => _aws.CloudWatchMetrics.flatMap(({ Dimensions }) => Dimensions.map((names) => names.length))))).toBeLessThanOrEqual(3);
  });

  it('is in the table of docs/metrics.md, with its unit and its labels', () => {
    const page = readFileSync(new URL('../../../docs/metrics.md', import.meta.url), 'utf8');
    const rows = new Map([...page.matchAll(/^\| `(\w+)` \| (\w+) \| ([^|]*) \|/gm)].map(([, name, unit, labels]) => [name, [unit, labels?.trim()]]));
    for (const [name, unit, labels] of METRICS) expect([name, rows.get(name)]).toEqual([name, [unit, labels.map((label) => `\`${label}\``).join(', ') || '–']]);
  });
});
