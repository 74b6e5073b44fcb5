// Watches the pipeline: alarms, a dashboard and saved queries.
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { alarmsOf } from './alarms.ts';
import { PipelineAlarms } from './build-alarms.ts';
import { pipelineDashboard } from './dashboard.ts';
import type { Places } from './metric-places.ts';
import { saveQueries } from './saved-queries.ts';
import type { SpendTerms } from './spend-alarm.ts';

export interface WatchedPipeline extends Omit<Places, 'pipeline'> {
  readonly topic: ITopic;
  readonly spend: SpendTerms;
}

/** Makes everything by which people learn how the pipeline of this name does; alarms go to the topic. */
export const watchPipeline = (scope: Construct, pipeline: string, { topic, spend, ...parts }: WatchedPipeline): void => {
  const places: Places = { pipeline, ...parts };
  const alarms = new PipelineAlarms(scope, 'alarms', { rows: alarmsOf(spend), places, topic });
  pipelineDashboard(scope, 'dashboard', { places, alarms: [...alarms.byId.values()], spend });
  saveQueries(scope, places);
};
