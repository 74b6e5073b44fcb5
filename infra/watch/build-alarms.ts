// Makes CloudWatch alarms of the rows, each telling the topic when it begins and when it ends.
import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, MathExpression, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { AlarmSpec, MetricSpec } from './alarm-spec.ts';
import { dimensionsOf, namespaceOf } from './metric-places.ts';
import type { Places } from './metric-places.ts';

const OPERATORS: Readonly<Record<AlarmSpec['fires'], ComparisonOperator>> = {
  ABOVE: ComparisonOperator.GREATER_THAN_THRESHOLD,
  AT_LEAST: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
  BELOW: ComparisonOperator.LESS_THAN_THRESHOLD,
};

const MISSING: Readonly<Record<AlarmSpec['missing'], TreatMissingData>> = {
  WELL: TreatMissingData.NOT_BREACHING,
  BREACH: TreatMissingData.BREACHING,
};

/** What a person reads first when an alarm comes. */
export const describeAlarm = ({ id, meaning, remedy }: Pick<AlarmSpec, 'id' | 'meaning' | 'remedy'>): string =>
  `${meaning} What to do: ${remedy} See docs/runbook.md#${id}`;

/** Makes the metric that a row names, in a stack. */
export const metricOf = (places: Places, spec: MetricSpec, periodSeconds: number): Metric =>
  new Metric({
    namespace: namespaceOf(spec.source),
    metricName: spec.metric,
    dimensionsMap: { ...dimensionsOf(places, spec.source) },
    statistic: spec.statistic,
    period: Duration.seconds(periodSeconds),
  });

const watchedMetric = (places: Places, { id, watched, periodSeconds }: AlarmSpec): IMetric => {
  if (watched.kind === 'METRIC') return metricOf(places, watched.of, periodSeconds);
  const uses = Object.entries(watched.uses).map(([name, spec]) => [name, metricOf(places, spec, periodSeconds)] as const);
  return new MathExpression({
    expression: watched.expression,
    usingMetrics: Object.fromEntries(uses),
    label: id,
    period: Duration.seconds(periodSeconds),
  });
};

/** The alarms of a stack, by their ids. */
export class PipelineAlarms extends Construct {
  readonly byId: ReadonlyMap<string, Alarm>;

  constructor(scope: Construct, id: string, { rows, places, topic }: { readonly rows: readonly AlarmSpec[]; readonly places: Places; readonly topic: ITopic }) {
    super(scope, id);
    const action = new SnsAction(topic);
    this.byId = new Map(rows.map((row) => [row.id, this.#make(row, places, action)]));
  }

  #make(row: AlarmSpec, places: Places, action: SnsAction): Alarm {
    const alarm = new Alarm(this, row.id, {
      alarmName: `${places.pipeline}-${row.id}`,
      alarmDescription: describeAlarm(row),
      metric: watchedMetric(places, row),
      comparisonOperator: OPERATORS[row.fires],
      threshold: row.threshold,
      evaluationPeriods: row.ofPeriods,
      datapointsToAlarm: row.breaches,
      treatMissingData: MISSING[row.missing],
    });
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
    return alarm;
  }
}
