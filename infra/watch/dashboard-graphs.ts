// What the dashboard draws, as data: a title and the metrics under it.
import { ACCESS } from '../access.ts';
import { QUEUE_PARTS } from '../pipeline-queues.ts';
import { FIVE_MINUTES, own } from './alarm-spec.ts';
import type { MetricSpec, Source, Statistic } from './alarm-spec.ts';
import { keysOf } from './keys-of.ts';

const HOUR = 3600;

/** What the dashboard asks the log: symbols are no labels of a metric. */
export const DASHBOARD_QUERIES = {
  'Entries by symbol and day': `filter fact = "FILL" and purpose = "ENTRY" and entriesToday > 0
| stats max(entriesToday) as entries by symbol, bin(1d)`,
  'Distance of thief and victim at each steal': `fields @timestamp, thief, thiefDistance, victim, victimDistance
| filter fact = "STEAL"
| sort @timestamp desc
| limit 50`,
} as const;

/** Stops that the venue took, of those it was asked for: 1 where none was asked for. */
export const STOP_SUCCESS = {
  title: 'Stop placement success',
  expression: 'IF(FILL(placed, 0) + FILL(refused, 0) > 0, FILL(placed, 0) / (FILL(placed, 0) + FILL(refused, 0)), 1)',
  uses: { placed: own('stops_placed_total', 'Sum'), refused: own('stops_refused_total', 'Sum') },
} as const;

export interface Graph {
  readonly title: string;
  readonly metrics: readonly MetricSpec[];
  readonly periodSeconds: number;
}

const graphOf = (title: string, metrics: readonly MetricSpec[], periodSeconds = FIVE_MINUTES): Graph => ({ title, metrics, periodSeconds });

const metrics = (names: readonly string[], statistic: Statistic): readonly MetricSpec[] => names.map((name) => own(name, statistic));

export const TRADING_GRAPHS: readonly Graph[] = [
  graphOf('Capacity in use', [own('capacity_used_ratio', 'Maximum')]),
  graphOf('Equity', [own('equity', 'Maximum')]),
  graphOf('PnL of the day', [own('pnl_day', 'Maximum')]),
  graphOf('Round trips, PnL in bps', [own('round_trip_pnl_bps', 'Average')], HOUR),
  graphOf('Steals, and steals refused', [own('steals_total', 'Sum'), own('steal_refused_total', 'Sum')]),
  graphOf('Most entries of a slot today', [own('entries_today', 'Maximum')], HOUR),
  graphOf('Order latency, ms', [own('order_latency_ms', 'p95'), own('order_latency_ms', 'Maximum')]),
  graphOf('Orders', metrics(['orders_placed_total', 'orders_filled_total', 'orders_cancelled_total', 'orders_rejected_total'], 'Sum')),
  graphOf('Longest time without a stop, s', [own('unprotected_seconds', 'Maximum')]),
  graphOf('Position mismatches, races, anomalies', metrics(['position_mismatch_total', 'race_detected_total', 'anomaly_detected_total'], 'Sum')),
  graphOf('Age of what is open, s', metrics(['oldest_planned_seconds', 'oldest_unknown_seconds', 'reconcile_age_seconds'], 'Maximum')),
  graphOf('Venue: waits, pauses, circuit, clock', [...metrics(['venue_waits_total', 'venue_pauses_total'], 'Sum'), ...metrics(['venue_circuit_open', 'clock_skew_ms'], 'Maximum')]),
];

const queues = keysOf(QUEUE_PARTS);
const ofQueues: readonly Source[] = queues.map((queue) => ({ kind: 'QUEUE', queue }));
const ofDead: readonly Source[] = [...queues.map((queue): Source => ({ kind: 'DEAD_LETTERS', queue })), { kind: 'UNDELIVERED' }];
const ofFunctions: readonly Source[] = keysOf(ACCESS).map((name) => ({ kind: 'FUNCTION', name }));

const each = (sources: readonly Source[], metric: string, statistic: Statistic): readonly MetricSpec[] =>
  sources.map((source) => ({ source, metric, statistic }));

const ofApi = (metric: string): MetricSpec => ({ source: { kind: 'API' }, metric, statistic: 'Sum' });

export const MACHINE_GRAPHS: readonly Graph[] = [
  graphOf('Queues: age of the oldest message, s', each(ofQueues, 'ApproximateAgeOfOldestMessage', 'Maximum')),
  graphOf('Queues: messages waiting', each(ofQueues, 'ApproximateNumberOfMessagesVisible', 'Maximum')),
  graphOf('Dead letters', each(ofDead, 'ApproximateNumberOfMessagesVisible', 'Maximum')),
  graphOf('Functions: duration p95, ms', each(ofFunctions, 'Duration', 'p95')),
  graphOf('Functions: errors', each(ofFunctions, 'Errors', 'Sum')),
  graphOf('Functions: throttles', each(ofFunctions, 'Throttles', 'Sum')),
  graphOf('Table: units', metrics(['read_units_total', 'write_units_total'], 'Sum')),
  graphOf('Commits: ms p95, and conflicts', [own('commit_ms', 'p95'), own('commit_conflicts_total', 'Sum')]),
  graphOf('Endpoints', ['Count', '4xx', '5xx'].map(ofApi)),
];
