// The functions of the pipeline: how long and how large each may be, and what access.ts lets it do.
import { Duration, Stack } from 'aws-cdk-lib';
import type { IManagedPolicy } from 'aws-cdk-lib/aws-iam';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { ACCESS } from './access.ts';
import type { FunctionName } from './access.ts';
import { FixedEgress } from './constructs/fixed-egress.ts';
import type { GuardedQueue } from './constructs/guarded-queue.ts';
import { PipelineFunction } from './constructs/pipeline-function.ts';
import { allowAccess, allowJournal } from './function-access.ts';
import type { UsedTable } from './constructs/pipeline-table.ts';
import type { PipelineKeys } from './pipeline-keys.ts';
import { QUEUE_PARTS } from './pipeline-queues.ts';
import type { PipelineQueues } from './pipeline-queues.ts';
import type { PipelineTopic } from './pipeline-topic.ts';
import { venueOf } from './stages.ts';
import type { Stage as PipelineStage, VenuePlace } from './stages.ts';

interface Limits {
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
}

const LIMITS: Readonly<Record<FunctionName, Limits>> = {
  'plan-intake': { timeoutSeconds: 60, memoryMegabytes: 512 },
  'quote-poll': { timeoutSeconds: 30, memoryMegabytes: 512 },
  'entry-watch': { timeoutSeconds: 30, memoryMegabytes: 512 },
  'steal-attempt': { timeoutSeconds: 30, memoryMegabytes: 512 },
  'order-action': { timeoutSeconds: 60, memoryMegabytes: 512 },
  'order-webhook': { timeoutSeconds: 20, memoryMegabytes: 512 },
  reconcile: { timeoutSeconds: 60, memoryMegabytes: 512 },
  session: { timeoutSeconds: 60, memoryMegabytes: 512 },
  operator: { timeoutSeconds: 29, memoryMegabytes: 512 },
};

export const timeoutOf = (name: FunctionName): Duration => Duration.seconds(LIMITS[name].timeoutSeconds);

export type PipelineFunctions = Readonly<Record<FunctionName, PipelineFunction>>;

export interface FunctionSurroundings {
  readonly stage: PipelineStage;
  readonly keys: PipelineKeys;
  readonly table: UsedTable;
  readonly queues: PipelineQueues;
  readonly undelivered: GuardedQueue;
  readonly topic: PipelineTopic;
  readonly tracing: IManagedPolicy;
  readonly webhookSecret: Secret;
  readonly webhookSecretName: string;
}

const environmentOf = (scope: Construct, name: FunctionName, around: FunctionSurroundings): Record<string, string> => {
  const { stage } = around;
  const access = ACCESS[name];
  return {
    ACCOUNT: stage.account,
    PIPELINE: Stack.of(scope).stackName,
    TABLE_NAME: around.table.tableName,
    WRITE_SCHEMAS: stage.writesNewest ? 'NEWEST' : 'OLDER',
    ...(stage.restoredTable === null ? {} : { RESTORED_TABLE: stage.restoredTable }),
    // Everyone must know the venue's limits; only who asks it must know where it is.
    VENUE: venueOf(stage.place),
    ...(stage.stopMoves === null ? {} : { VENUE_STOP_MOVES: stage.stopMoves }),
    ...(access.asksVenue ? venueEnvironmentOf(stage.place) : {}),
    ...(access.readsWebhookSecret ? { WEBHOOK_SECRET_NAME: around.webhookSecretName } : {}),
    ...Object.fromEntries(
      access.sends.map((queue) => [QUEUE_PARTS[queue].environment, around.queues[queue].queue.queueUrl]),
    ),
    ...stage.settings,
  };
};

const venueEnvironmentOf = (place: VenuePlace): Record<string, string> =>
  place.kind === 'PAPER'
    ? { VENUE_URL: place.url }
    : { VENUE_SECRET_NAME: place.secretName, VENUE_SANDBOX: place.sandbox ? '1' : '0', ...place.options };

/** A flood of webhooks takes these and no more; at 50 a second and a fifth of a second each, ten are always free. */
const WEBHOOK_CONCURRENCY = 10;

/** What every mapping of a function may run at once: with so many of its own, no other function can keep it from them. */
const mappedConcurrency = (name: FunctionName): number =>
  Object.values(QUEUE_PARTS).reduce((sum, { consumer, maxConcurrency }) => (consumer === name ? sum + maxConcurrency : sum), 0);

const reservedFor = (name: FunctionName): number | null => {
  if (name === 'order-webhook') return WEBHOOK_CONCURRENCY;
  return name === 'order-action' ? mappedConcurrency(name) : null;
};

const make = (scope: Construct, name: FunctionName, around: FunctionSurroundings): PipelineFunction => {
  const { stage } = around;
  const made = new PipelineFunction(scope, name, {
    name,
    timeout: timeoutOf(name),
    memoryMegabytes: LIMITS[name].memoryMegabytes,
    environment: environmentOf(scope, name, around),
    keepsData: stage.keepsData,
    venue: venueOf(stage.place),
    key: around.keys.data,
    tracing: around.tracing,
    reservedConcurrency: stage.limits.reserveConcurrency ? reservedFor(name) : null,
  });
  allowAccess(made, name, around);
  return made;
};

/**
 * Makes every function with the access and the environment that access.ts gives it. A stepped local cloud looks at
 * their queues in this order: what is under way is finished before anything new begins.
 */
export const pipelineFunctions = (scope: Construct, around: FunctionSurroundings): PipelineFunctions => {
  const functions = {
    'order-action': make(scope, 'order-action', around),
    'order-webhook': make(scope, 'order-webhook', around),
    'steal-attempt': make(scope, 'steal-attempt', around),
    'entry-watch': make(scope, 'entry-watch', around),
    reconcile: make(scope, 'reconcile', around),
    session: make(scope, 'session', around),
    'quote-poll': make(scope, 'quote-poll', around),
    'plan-intake': make(scope, 'plan-intake', around),
    operator: make(scope, 'operator', around),
  };
  allowJournal(functions, around);
  const asking = Object.values(functions).filter(({ functionName }) => ACCESS[functionName].asksVenue);
  if (around.stage.egress === 'FIXED') new FixedEgress(scope, 'egress', { key: around.keys.data, functions: asking });
  return functions;
};

/** Connects each queue to the function that reads it. */
export const connectQueues = (functions: PipelineFunctions, queues: PipelineQueues): void => {
  const connect = (name: keyof PipelineQueues): void => {
    const { consumer, batchSize, maxConcurrency } = QUEUE_PARTS[name];
    functions[consumer].consume({ queue: queues[name].queue, batchSize, maxConcurrency });
  };
  // Stops first: a position is covered before anything else goes on.
  connect('stops');
  connect('actions');
  connect('lookups');
  connect('watchdogs');
  connect('steals');
  connect('quotes');
  connect('quote-ticks');
  connect('reconcile-ticks');
};
