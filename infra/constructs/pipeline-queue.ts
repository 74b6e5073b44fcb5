import { CfnResource, Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { GuardedQueue } from './guarded-queue.ts';

/** How often a message is tried before it is put aside. */
const MAX_RECEIVE_COUNT = 5;

/** A message must stay hidden while its function, its retries and the poller's own work may still hold it. */
const VISIBILITY_PER_TIMEOUT = 6;

export interface PipelineQueueProps {
  readonly fifo: boolean;
  readonly key: IKey;
  /** Time limit of the function that reads the queue. */
  readonly consumerTimeout: Duration;
  /** What it means to a person when a message is put aside, in one sentence. */
  readonly failureMeans: string;
}

/** A queue with the queue that takes what it could not deliver. */
export class PipelineQueue extends Construct {
  readonly queue: GuardedQueue;
  readonly deadLetters: GuardedQueue;

  constructor(scope: Construct, id: string, props: PipelineQueueProps) {
    super(scope, id);
    const { fifo, key } = props;
    this.deadLetters = new GuardedQueue(this, 'dead-letters', { fifo, key, readBy: 'ROLES', retentionPeriod: Duration.days(14) });
    acknowledge(this.deadLetters, 'Serverless-SQSRedrivePolicy', 'It is the end of the line itself: from here a person redrives or throws away.');
    const resource = this.deadLetters.node.defaultChild;
    if (CfnResource.isCfnResource(resource)) resource.addMetadata('failureMeans', props.failureMeans);
    this.queue = new GuardedQueue(this, 'queue', {
      fifo,
      key,
      readBy: 'ROLES',
      visibilityTimeout: Duration.seconds(props.consumerTimeout.toSeconds() * VISIBILITY_PER_TIMEOUT),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: MAX_RECEIVE_COUNT },
    });
  }
}
