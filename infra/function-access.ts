// Turns what access.ts says of a function into the statements of its role, each on the very resource.
import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ACCESS } from './access.ts';
import type { Access, FunctionName, QueueName } from './access.ts';
import { acknowledge } from './constructs/acknowledge.ts';
import { allowKey } from './constructs/allow-key.ts';
import type { GuardedQueue } from './constructs/guarded-queue.ts';
import type { PipelineFunction } from './constructs/pipeline-function.ts';
import type { PipelineKeys } from './pipeline-keys.ts';
import { QUEUE_PARTS } from './pipeline-queues.ts';
import type { PipelineQueues } from './pipeline-queues.ts';
import type { PipelineTopic } from './pipeline-topic.ts';
import type { Stage, VenuePlace } from './stages.ts';

/** The parts of the stack that a role may touch. */
export interface AccessSurroundings {
  readonly stage: Stage;
  readonly keys: PipelineKeys;
  readonly table: { readonly tableArn: string };
  readonly queues: PipelineQueues;
  readonly undelivered: GuardedQueue;
  readonly topic: PipelineTopic;
  readonly webhookSecret: { readonly secretArn: string };
}

type AllFunctions = Readonly<Record<FunctionName, PipelineFunction>>;

// Secrets Manager ends the ARN of a secret with six letters of its own.
const secretArnOf = (scope: Construct, secretName: string): string =>
  Stack.of(scope).formatArn({
    service: 'secretsmanager',
    resource: 'secret',
    resourceName: `${secretName}-??????`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });

/** An account's items are one partition: no other account's can be read or written, whatever the code asks for. */
const ofAccount = (account: string): Record<string, object> => ({
  'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [account] },
});

const allowTable = (made: PipelineFunction, { table }: Access, around: AccessSurroundings): void => {
  if (table.length === 0) return;
  made.allow(table, around.table.tableArn, ofAccount(around.stage.account));
  allowKey(made.role, around.keys.data.keyArn, 'READS', 'dynamodb');
};

const allowExchangeSecret = (made: PipelineFunction, place: VenuePlace): void => {
  if (place.kind === 'PAPER') return;
  made.allow(['secretsmanager:GetSecretValue'], secretArnOf(made, place.secretName));
  if (place.secretKeyArn !== null) allowKey(made.role, place.secretKeyArn, 'READS', 'secretsmanager');
};

const allowSecrets = (made: PipelineFunction, access: Access, around: AccessSurroundings): void => {
  if (access.asksVenue) allowExchangeSecret(made, around.stage.place);
  if (!access.readsWebhookSecret) return;
  made.allow(['secretsmanager:GetSecretValue'], around.webhookSecret.secretArn);
  allowKey(made.role, around.keys.secrets.keyArn, 'READS', 'secretsmanager');
};

/** Gives one function's role what access.ts says it does, and lets it through at the queues and the topic. */
export const allowAccess = (made: PipelineFunction, name: FunctionName, around: AccessSurroundings): void => {
  const access = ACCESS[name];
  allowTable(made, access, around);
  allowSecrets(made, access, around);
  for (const queue of access.redrives ? allQueues(around.queues) : access.sends) around.queues[queue].queue.admit(made.role, 'SENDS');
  if (access.redrives) for (const queue of allQueues(around.queues)) around.queues[queue].deadLetters.admit(made.role, 'READS');
  if (access.calledAside) made.putAside(around.undelivered);
  else made.neverPutsAside();
  if (access.publishes) around.topic.admit(made.role);
};

const isQueueName = (name: string): name is QueueName => name in QUEUE_PARTS;
const allQueues = (queues: PipelineQueues): readonly QueueName[] => Object.keys(queues).filter(isQueueName);

const addEach = (made: PipelineFunction, variables: Readonly<Record<string, string>>): void => {
  for (const [name, value] of Object.entries(variables)) made.handler.addEnvironment(name, value);
};

/** Where dead letters lie and where they came from, as JSON by the queue's name. */
const deadLettersOf = (scope: Construct, queues: PipelineQueues): string =>
  Stack.of(scope).toJsonString(
    Object.fromEntries(
      allQueues(queues).map((name) => [name, { deadLetters: queues[name].deadLetters.queueUrl, source: queues[name].queue.queueUrl }]),
    ),
  );

/** Lets whoever reads the journal search the logs of every function, and tells it and whoever redrives or publishes where. */
export const allowJournal = (functions: AllFunctions, around: AccessSurroundings): void => {
  const all = Object.values(functions);
  for (const made of all) {
    const access = ACCESS[made.functionName];
    if (access.readsLogs) {
      for (const { log } of all) made.allow(['logs:StartQuery'], log.logGroupArn);
      // A query goes by an id that only its asker was told; these two know no resources.
      made.allow(['logs:GetQueryResults', 'logs:StopQuery'], '*');
      acknowledge(made.role.node.findChild('DefaultPolicy'), 'AwsSolutions-IAM5[Resource::*]', 'The results of a query in the logs go by its id, which only its asker was told; starting one is limited to this stack’s logs.');
      addEach(made, { LOG_GROUPS: all.map(({ log }) => log.logGroupName).join(',') });
    }
    if (access.redrives) addEach(made, { DEAD_LETTERS: deadLettersOf(made, around.queues) });
    if (access.publishes) addEach(made, { TOPIC_ARN: around.topic.topicArn });
  }
};
