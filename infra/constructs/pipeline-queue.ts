import { CfnResource, Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { QueueProps } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

/** How often a message is tried before it is put aside. */
const MAX_RECEIVE_COUNT = 5;

/** A message must stay hidden while its function, its retries and the poller's own work may still hold it. */
const VISIBILITY_PER_TIMEOUT = 6;

export interface PipelineQueueProps {
  readonly fifo: boolean;
  /** Time limit of the function that reads the queue. */
  readonly consumerTimeout: Duration;
  /** What it means to a person when a message is put aside, in one sentence. */
  readonly failureMeans: string;
}

const protection = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true } as const;

// A standard queue must not carry the attribute at all.
const order = (fifo: boolean): Pick<QueueProps, 'fifo'> => (fifo ? { fifo: true } : {});

/** A queue with the queue that takes what it could not deliver. */
export class PipelineQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, props: PipelineQueueProps) {
    super(scope, id);
    this.deadLetters = new Queue(this, 'dead-letters', {
      ...protection,
      ...order(props.fifo),
      retentionPeriod: Duration.days(14),
    });
    const resource = this.deadLetters.node.defaultChild;
    if (CfnResource.isCfnResource(resource)) resource.addMetadata('failureMeans', props.failureMeans);
    this.queue = new Queue(this, 'queue', {
      ...protection,
      ...order(props.fifo),
      visibilityTimeout: Duration.seconds(props.consumerTimeout.toSeconds() * VISIBILITY_PER_TIMEOUT),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: MAX_RECEIVE_COUNT },
    });
  }
}
