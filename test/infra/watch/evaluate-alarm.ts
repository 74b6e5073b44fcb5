// Evaluates an alarm as it stands in the synthesized template, the way CloudWatch does. CloudWatch looks a few periods
// further back where measurements are missing, which only makes an alarm about missing ones later, never earlier.
import { reckon } from './metric-math.ts';
import { seriesKey } from './metric-store.ts';
import type { MetricStore } from './metric-store.ts';

export interface TemplateMetric {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: unknown }[];
}

interface Query {
  readonly Id: string;
  readonly Expression?: string;
  readonly MetricStat?: { readonly Metric: TemplateMetric; readonly Period: number; readonly Stat: string };
  readonly ReturnData?: boolean;
}

export interface TemplateAlarm extends Partial<TemplateMetric> {
  readonly AlarmName: string;
  readonly AlarmDescription: string;
  readonly AlarmActions: readonly unknown[];
  readonly ComparisonOperator: string;
  readonly Threshold: number;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm: number;
  readonly TreatMissingData: string;
  readonly Period?: number;
  readonly Statistic?: string;
  readonly ExtendedStatistic?: string;
  readonly Metrics?: readonly Query[];
}

/** A value of the template as a dimension: what it refers to has its name only once it is deployed. */
export const dimensionText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const keyOf = ({ Namespace, MetricName, Dimensions = [] }: TemplateMetric): string =>
  seriesKey(Namespace, MetricName, Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, dimensionText(Value)])));

const percentile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil((share / 100) * sorted.length) - 1)] ?? Number.NaN;
};

const statisticOf = (name: string, values: readonly number[]): number | null => {
  if (values.length === 0) return null;
  const sum = values.reduce((total, value) => total + value, 0);
  if (name === 'Sum') return sum;
  if (name === 'Average') return sum / values.length;
  if (name === 'Maximum') return Math.max(...values);
  const share = Number(/^p(\d+(?:\.\d+)?)$/.exec(name)?.[1]);
  if (Number.isNaN(share)) throw new Error(`no statistic ${name}`);
  return percentile(values, share);
};

export const periodOf = (alarm: TemplateAlarm): number => {
  const seconds = alarm.Period ?? alarm.Metrics?.find(({ MetricStat }) => MetricStat !== undefined)?.MetricStat?.Period;
  if (seconds === undefined) throw new Error(`${alarm.AlarmName} has no period`);
  return seconds * 1000;
};

const singleValue = (alarm: TemplateAlarm, store: MetricStore, from: number, to: number): number | null => {
  const { Namespace, MetricName, Dimensions } = alarm;
  if (Namespace === undefined || MetricName === undefined) throw new Error(`${alarm.AlarmName} watches nothing`);
  const metric = { Namespace, MetricName, ...(Dimensions === undefined ? {} : { Dimensions }) };
  return statisticOf(alarm.Statistic ?? alarm.ExtendedStatistic ?? '', store.within(keyOf(metric), from, to));
};

const valueOf = (alarm: TemplateAlarm, store: MetricStore, from: number, to: number): number | null => {
  const { Metrics } = alarm;
  if (Metrics === undefined) return singleValue(alarm, store, from, to);
  const returned = Metrics.filter(({ ReturnData }) => ReturnData !== false);
  const [{ Expression } = { Expression: undefined }] = returned;
  if (returned.length !== 1 || Expression === undefined) throw new Error(`${alarm.AlarmName} returns no one expression`);
  return reckon(Expression, (id) => {
    const stat = Metrics.find(({ Id }) => Id === id)?.MetricStat;
    if (stat === undefined) throw new Error(`${alarm.AlarmName} uses ${id}, which it does not name`);
    return statisticOf(stat.Stat, store.within(keyOf(stat.Metric), from, to));
  });
};

const COMPARISONS: Readonly<Record<string, (value: number, threshold: number) => boolean>> = {
  GreaterThanThreshold: (value, threshold) => value > threshold,
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
};

const isBreached = (alarm: TemplateAlarm, value: number | null): boolean => {
  if (value === null) {
    if (alarm.TreatMissingData === 'breaching') return true;
    if (alarm.TreatMissingData === 'notBreaching') return false;
    throw new Error(`${alarm.AlarmName} says nothing of what is missing`);
  }
  const compare = COMPARISONS[alarm.ComparisonOperator];
  if (compare === undefined) throw new Error(`no comparison ${alarm.ComparisonOperator}`);
  return compare(value, alarm.Threshold);
};

/** Tells whether an alarm stands at a moment, by the whole periods before it. */
export const stateOf = (alarm: TemplateAlarm, store: MetricStore, now: number): 'ALARM' | 'OK' => {
  const period = periodOf(alarm);
  const end = Math.floor(now / period) * period;
  const values = Array.from({ length: alarm.EvaluationPeriods }, (_, back) => valueOf(alarm, store, end - (back + 1) * period, end - back * period));
  return values.filter((value) => isBreached(alarm, value)).length >= alarm.DatapointsToAlarm ? 'ALARM' : 'OK';
};
