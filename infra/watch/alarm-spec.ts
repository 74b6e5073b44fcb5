// What an alarm is here: a row of data, from which its CloudWatch alarm and its section of the runbook are made.
import type { FunctionName, QueueName } from '../access.ts';

export type Statistic = 'Sum' | 'Maximum' | 'Average' | 'p95';

/** Where a metric comes from; the stack knows what its parts are called. */
export type Source =
  /** Our own, for the whole pipeline, or by labels beside it. */
  | { readonly kind: 'OWN'; readonly labels: Readonly<Record<string, string>> }
  | { readonly kind: 'QUEUE'; readonly queue: QueueName }
  | { readonly kind: 'DEAD_LETTERS'; readonly queue: QueueName }
  /** The queue of calls that EventBridge could not deliver. */
  | { readonly kind: 'UNDELIVERED' }
  | { readonly kind: 'FUNCTION'; readonly name: FunctionName }
  | { readonly kind: 'TABLE' }
  | { readonly kind: 'API' }
  /** Everything in the account and region, which is all that CloudWatch sums up by itself. */
  | { readonly kind: 'REGION'; readonly namespace: string };

export interface MetricSpec {
  readonly source: Source;
  readonly metric: string;
  readonly statistic: Statistic;
}

/** One metric, or an expression over a few that are named in it. */
export type Watched =
  | { readonly kind: 'METRIC'; readonly of: MetricSpec }
  | { readonly kind: 'MATH'; readonly expression: string; readonly uses: Readonly<Record<string, MetricSpec>>; readonly words: string };

export interface AlarmSpec {
  /** Ends its name in CloudWatch, and is its section of the runbook. */
  readonly id: string;
  /** What it means, in one sentence. */
  readonly meaning: string;
  /** What to look at. */
  readonly look: string;
  /** What to do, in one sentence. */
  readonly remedy: string;
  readonly watched: Watched;
  readonly fires: 'ABOVE' | 'AT_LEAST' | 'BELOW';
  readonly threshold: number;
  readonly periodSeconds: number;
  /** It fires when so many of the last periods are beyond the threshold. */
  readonly breaches: number;
  readonly ofPeriods: number;
  /** What a period without a measurement counts as. */
  readonly missing: 'WELL' | 'BREACH';
  /** Until when it stands after the first deploy; null where it does not. */
  readonly standsUntil: string | null;
}

export const FIVE_MINUTES = 300;

/** Names a metric of ours. */
export const own = (metric: string, statistic: Statistic, labels: Readonly<Record<string, string>> = {}): MetricSpec => ({
  source: { kind: 'OWN', labels },
  metric,
  statistic,
});

type Told = Pick<AlarmSpec, 'id' | 'meaning' | 'look' | 'remedy'>;
type Terms = Pick<AlarmSpec, 'fires' | 'threshold' | 'periodSeconds' | 'breaches' | 'ofPeriods' | 'missing' | 'standsUntil'>;

const ONCE_IN_FIVE_MINUTES: Terms = {
  fires: 'ABOVE',
  threshold: 0,
  periodSeconds: FIVE_MINUTES,
  breaches: 1,
  ofPeriods: 1,
  missing: 'WELL',
  standsUntil: null,
};

/** Alarms about one metric: unless other terms are given, once it is above 0 in five minutes. */
export const onMetric = (told: Told, of: MetricSpec, terms: Partial<Terms> = {}): AlarmSpec => ({
  ...told,
  watched: { kind: 'METRIC', of },
  ...ONCE_IN_FIVE_MINUTES,
  ...terms,
});

/** Alarms about what follows from several metrics. */
export const onMath = (told: Told, watched: Omit<Extract<Watched, { kind: 'MATH' }>, 'kind'>, terms: Partial<Terms> = {}): AlarmSpec => ({
  ...told,
  watched: { kind: 'MATH', ...watched },
  ...ONCE_IN_FIVE_MINUTES,
  ...terms,
});
