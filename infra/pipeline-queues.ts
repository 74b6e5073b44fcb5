// The queues of the pipeline: who reads each, in what order, and what it means when one gives up.
import type { Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { FunctionName, QueueName } from './access.ts';
import { PipelineQueue } from './constructs/pipeline-queue.ts';

interface QueuePart {
  readonly environment: string;
  readonly consumer: FunctionName;
  readonly fifo: boolean;
  readonly batchSize: number;
  readonly maxConcurrency: number;
  readonly failureMeans: string;
}

export const QUEUE_PARTS: Readonly<Record<QueueName, QueuePart>> = {
  stops: {
    environment: 'STOPS_QUEUE_URL',
    consumer: 'order-action',
    fifo: true,
    batchSize: 1,
    maxConcurrency: 10,
    failureMeans: 'A protective order was not placed, moved or cancelled, so a position may be uncovered; reconcile rings it again while its row exists.',
  },
  actions: {
    environment: 'ACTIONS_QUEUE_URL',
    consumer: 'order-action',
    fifo: true,
    // As many as a FIFO queue gives at once: what is cancelled or placed together goes in one call (EX-4).
    batchSize: 10,
    maxConcurrency: 10,
    failureMeans: 'An order, cancel or amendment was not carried out; reconcile rings it again while its row exists.',
  },
  lookups: {
    environment: 'LOOKUPS_QUEUE_URL',
    consumer: 'order-action',
    fifo: false,
    batchSize: 1,
    maxConcurrency: 5,
    failureMeans: 'What became of an order is still unknown and its room stays reserved; reconcile asks again.',
  },
  watchdogs: {
    environment: 'WATCHDOGS_QUEUE_URL',
    consumer: 'order-action',
    fifo: false,
    batchSize: 1,
    maxConcurrency: 5,
    failureMeans: 'Nobody looked whether a fill was protected soon after it; reconcile looks at every position at its next run.',
  },
  steals: {
    environment: 'STEALS_QUEUE_URL',
    consumer: 'steal-attempt',
    fifo: true,
    batchSize: 10,
    maxConcurrency: 10,
    failureMeans: 'A watch that was ready got no steal attempt; the next price rings again.',
  },
  quotes: {
    environment: 'QUOTES_QUEUE_URL',
    consumer: 'entry-watch',
    fifo: false,
    batchSize: 10,
    maxConcurrency: 5,
    failureMeans: 'Prices were not acted on; the next ones supersede them, but entries and exits came late.',
  },
  'quote-ticks': {
    environment: 'QUOTE_TICKS_QUEUE_URL',
    consumer: 'quote-poll',
    fifo: false,
    batchSize: 1,
    maxConcurrency: 2,
    failureMeans: 'Prices were not read between two minutes; the schedule reads them at the next.',
  },
  'reconcile-ticks': {
    environment: 'RECONCILE_TICKS_QUEUE_URL',
    consumer: 'reconcile',
    fifo: false,
    batchSize: 1,
    maxConcurrency: 2,
    failureMeans: 'The half-minute reconcile did not run; the schedule runs it at the next minute.',
  },
};

export type PipelineQueues = Readonly<Record<QueueName, PipelineQueue>>;

type TimeoutOf = (name: FunctionName) => Duration;

/** Makes every queue with the queue for what it could not deliver. */
export const pipelineQueues = (scope: Construct, key: IKey, timeoutOf: TimeoutOf): PipelineQueues => {
  const make = (name: QueueName): PipelineQueue => {
    const { fifo, consumer, failureMeans } = QUEUE_PARTS[name];
    return new PipelineQueue(scope, name, { fifo, key, consumerTimeout: timeoutOf(consumer), failureMeans });
  };
  return {
    stops: make('stops'),
    actions: make('actions'),
    lookups: make('lookups'),
    watchdogs: make('watchdogs'),
    steals: make('steals'),
    quotes: make('quotes'),
    'quote-ticks': make('quote-ticks'),
    'reconcile-ticks': make('reconcile-ticks'),
  };
};
