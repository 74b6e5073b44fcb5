// The dashboard: what a person looks at first in the morning, money before machines.
import { Aws, Duration } from 'aws-cdk-lib';
import { AlarmStatusWidget, Dashboard, GraphWidget, LogQueryVisualizationType, LogQueryWidget, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { Alarm, IMetric, IWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { MetricSpec } from './alarm-spec.ts';
import { metricOf } from './build-alarms.ts';
import { DASHBOARD_QUERIES, MACHINE_GRAPHS, STOP_SUCCESS, TRADING_GRAPHS } from './dashboard-graphs.ts';
import type { Graph } from './dashboard-graphs.ts';
import type { Places } from './metric-places.ts';
import { logGroupsOf } from './saved-queries.ts';
import { dailySpend } from './spend-alarm.ts';
import type { SpendTerms } from './spend-alarm.ts';

const HOUR = 3600;
const DAY = 86_400;
const HOURS_SHOWN = 24;
const THIRD = 8;
const WHOLE = 24;
const HEIGHT = 6;
const ALARMS_HEIGHT = 8;

/** What the dashboard shows. */
export interface DashboardParts {
  readonly places: Places;
  readonly alarms: readonly Alarm[];
  readonly spend: SpendTerms;
}

interface Sum {
  readonly expression: string;
  readonly uses: Readonly<Record<string, MetricSpec>>;
}

const mathOf = (places: Places, { expression, uses }: Sum, periodSeconds: number): IMetric =>
  new MathExpression({
    expression,
    label: 'value',
    period: Duration.seconds(periodSeconds),
    usingMetrics: Object.fromEntries(Object.entries(uses).map(([id, spec]) => [id, metricOf(places, spec, periodSeconds)])),
  });

const widgetOf = (title: string, left: readonly IMetric[]): IWidget =>
  new GraphWidget({ title, left: [...left], width: THIRD, height: HEIGHT, region: Aws.REGION });

const graphWidgets = (places: Places, graphs: readonly Graph[]): readonly IWidget[] =>
  graphs.map(({ title, metrics, periodSeconds }) => widgetOf(title, metrics.map((spec) => metricOf(places, spec, periodSeconds))));

const queryWidgets = (places: Places): readonly IWidget[] =>
  Object.entries(DASHBOARD_QUERIES).map(
    ([title, queryString]) =>
      new LogQueryWidget({
        title,
        logGroupNames: [...logGroupsOf(places)],
        queryString,
        view: LogQueryVisualizationType.TABLE,
        width: WHOLE / 2,
        height: HEIGHT,
        region: Aws.REGION,
      }),
  );

const rowsOf = (widgets: readonly IWidget[], inRow: number): IWidget[][] =>
  Array.from({ length: Math.ceil(widgets.length / inRow) }, (_, row) => widgets.slice(row * inRow, (row + 1) * inRow));

/** Makes the dashboard of a pipeline, under its own name. */
export const pipelineDashboard = (scope: Construct, id: string, { places, alarms, spend }: DashboardParts): Dashboard => {
  const stops = widgetOf(STOP_SUCCESS.title, [mathOf(places, STOP_SUCCESS, HOUR)]);
  const cost = widgetOf('Cost of a day, US dollars', [mathOf(places, dailySpend(spend), DAY)]);
  const graphs = [...graphWidgets(places, TRADING_GRAPHS), stops, ...graphWidgets(places, MACHINE_GRAPHS), cost];
  return new Dashboard(scope, id, {
    dashboardName: places.pipeline,
    defaultInterval: Duration.hours(HOURS_SHOWN),
    widgets: [
      [new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: WHOLE, height: ALARMS_HEIGHT })],
      ...rowsOf(queryWidgets(places), 2),
      ...rowsOf(graphs, WHOLE / THIRD),
    ],
  });
};
