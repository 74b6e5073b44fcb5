// What CloudWatch calls the parts of a stack.
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { UsedTable } from '../constructs/pipeline-table.ts';
import type { PipelineFunctions } from '../pipeline-functions.ts';
import type { PipelineQueues } from '../pipeline-queues.ts';
import type { Source } from './alarm-spec.ts';

/** The parts that are watched. */
export interface Places {
  /** The stack's name, which is the service of our own metrics. */
  readonly pipeline: string;
  readonly functions: PipelineFunctions;
  readonly queues: PipelineQueues;
  readonly undelivered: IQueue;
  readonly table: UsedTable;
  readonly api: HttpApi;
}

/** Where our own metrics are. */
const OWN_NAMESPACE = 'claimjump';

const NAMESPACES: Readonly<Record<Exclude<Source['kind'], 'REGION'>, string>> = {
  OWN: OWN_NAMESPACE,
  QUEUE: 'AWS/SQS',
  DEAD_LETTERS: 'AWS/SQS',
  UNDELIVERED: 'AWS/SQS',
  FUNCTION: 'AWS/Lambda',
  TABLE: 'AWS/DynamoDB',
  API: 'AWS/ApiGateway',
};

/** Names the namespace of a source. */
export const namespaceOf = (source: Source): string => (source.kind === 'REGION' ? source.namespace : NAMESPACES[source.kind]);

export type QueueSource = Extract<Source, { kind: 'QUEUE' | 'DEAD_LETTERS' | 'UNDELIVERED' }>;

const queueOf = ({ queues, undelivered }: Places, source: QueueSource): IQueue => {
  if (source.kind === 'UNDELIVERED') return undelivered;
  const { queue, deadLetters } = queues[source.queue];
  return source.kind === 'QUEUE' ? queue : deadLetters;
};

/** Tells whether SQS measures it. */
export const isOfQueue = (source: Source): source is QueueSource => NAMESPACES.QUEUE === namespaceOf(source);

/** Names the dimensions of a source in a stack. */
export const dimensionsOf = (places: Places, source: Source): Readonly<Record<string, string>> => {
  if (isOfQueue(source)) return { QueueName: queueOf(places, source).queueName };
  switch (source.kind) {
    case 'OWN':
      return { service: places.pipeline, ...source.labels };
    case 'FUNCTION':
      return { FunctionName: places.functions[source.name].handler.functionName };
    case 'TABLE':
      return { TableName: places.table.tableName };
    case 'API':
      return { ApiId: places.api.apiId };
    case 'REGION':
      return {};
  }
};
