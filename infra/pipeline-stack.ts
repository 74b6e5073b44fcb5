import { CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { parseSettings } from '../shared/settings.ts';
import { acknowledge } from './constructs/acknowledge.ts';
import { GuardedQueue } from './constructs/guarded-queue.ts';
import { pipelineTable, usedTable } from './constructs/pipeline-table.ts';
import { pipelineEndpoints } from './pipeline-endpoints.ts';
import { connectQueues, pipelineFunctions, timeoutOf } from './pipeline-functions.ts';
import type { PipelineFunctions } from './pipeline-functions.ts';
import { pipelineKeys } from './pipeline-keys.ts';
import type { PipelineKeys } from './pipeline-keys.ts';
import { pipelineQueues } from './pipeline-queues.ts';
import { pipelineSchedules } from './pipeline-schedules.ts';
import { PipelineTopic } from './pipeline-topic.ts';
import { tracingPolicy } from './constructs/tracing-policy.ts';
import type { Stage } from './stages.ts';
import { watchPipeline } from './watch/watch-pipeline.ts';

export interface PipelineStackProps {
  readonly stage: Stage;
}

/** Event source of plans that are put on the account's event bus. */
const PLAN_SOURCE = 'claimjump.plans';

/** The whole pipeline of one stage. */
export class PipelineStack extends Stack {
  constructor(scope: Construct, id: string, { stage }: PipelineStackProps) {
    super(scope, id, {
      description: 'Claimjump: orders compete for capacity',
      tags: { project: 'claimjump', stage: stage.name },
    });
    parseSettings({ ...stage.settings });
    const keys = pipelineKeys(this, stage);
    const own = pipelineTable(this, 'table', { keepsData: stage.keepsData, key: keys.data });
    const table = usedTable(this, own, stage.restoredTable);
    const queues = pipelineQueues(this, keys.data, timeoutOf);
    const undelivered = this.#undelivered(keys);
    const topic = new PipelineTopic(this, 'notices', { key: keys.data, email: stage.alarmEmail, undelivered });
    const webhookSecretName = `${id}/webhook`;
    const webhookSecret = this.#webhookSecret(webhookSecretName, keys, stage);
    const tracing = tracingPolicy(this, 'tracing');
    const functions = pipelineFunctions(this, { stage, keys, table, queues, undelivered, topic, tracing, webhookSecret, webhookSecretName });
    connectQueues(functions, queues);
    pipelineSchedules(this, functions, undelivered);
    this.#planEvents(functions, undelivered);
    const api = pipelineEndpoints(this, functions, { limits: stage.limits, key: keys.data });
    watchPipeline(this, id, { functions, queues, undelivered, table, api, topic, spend: stage });
    new CfnOutput(this, 'TableName', { value: table.tableName });
    for (const [name, { queue }] of Object.entries(queues)) {
      new CfnOutput(this, `${pascalCase(name)}QueueUrl`, { value: queue.queueUrl });
    }
  }

  #webhookSecret(secretName: string, keys: PipelineKeys, stage: Stage): Secret {
    const secret = new Secret(this, 'webhook-secret', {
      secretName,
      encryptionKey: keys.secrets,
      description: 'Shared with the venue: signs its webhooks',
      generateSecretString: { passwordLength: 48, excludePunctuation: true },
      removalPolicy: stage.keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    acknowledge(secret, 'AwsSolutions-SMG4', 'The sender has to be told each new value, so a person turns it; the old one stays good beside it meanwhile.');
    return secret;
  }

  // A call that could not be delivered, or that nobody waited for and failed at the last; the next of its kind makes up
  // for it, except for a plan.
  #undelivered(keys: PipelineKeys): GuardedQueue {
    const undelivered = new GuardedQueue(this, 'undelivered', { fifo: false, key: keys.data, readBy: 'PEOPLE', retentionPeriod: Duration.days(14) });
    acknowledge(undelivered, 'Serverless-SQSRedrivePolicy', 'It is the end of the line itself: from here a person sends again or throws away.');
    return undelivered;
  }

  #planEvents(functions: PipelineFunctions, deadLetterQueue: GuardedQueue): void {
    new Rule(this, 'plan-events', {
      description: 'Plans that a strategy puts on the event bus',
      eventPattern: { source: [PLAN_SOURCE] },
      targets: [new LambdaFunction(functions['plan-intake'].handler, { deadLetterQueue, retryAttempts: 5 })],
    });
  }
}

const pascalCase = (name: string): string =>
  name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
