import { CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { parseSettings } from '../shared/settings.ts';
import { pipelineTable } from './constructs/pipeline-table.ts';
import { pipelineEndpoints } from './pipeline-endpoints.ts';
import { connectQueues, pipelineFunctions, timeoutOf } from './pipeline-functions.ts';
import type { PipelineFunctions } from './pipeline-functions.ts';
import { pipelineQueues } from './pipeline-queues.ts';
import { pipelineSchedules } from './pipeline-schedules.ts';
import type { Stage } from './stages.ts';

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
    const table = pipelineTable(this, 'table', stage);
    const queues = pipelineQueues(this, timeoutOf);
    const webhookSecretName = `${id}/webhook`;
    const webhookSecret = this.#webhookSecret(webhookSecretName, stage);
    const functions = pipelineFunctions(this, { stage, table, queues, webhookSecret, webhookSecretName });
    connectQueues(functions, queues);
    const undelivered = this.#undelivered();
    pipelineSchedules(this, functions, undelivered);
    this.#planEvents(functions, undelivered);
    pipelineEndpoints(this, functions);
    new CfnOutput(this, 'TableName', { value: table.tableName });
    for (const [name, { queue }] of Object.entries(queues)) {
      new CfnOutput(this, `${pascalCase(name)}QueueUrl`, { value: queue.queueUrl });
    }
  }

  #webhookSecret(secretName: string, stage: Stage): Secret {
    return new Secret(this, 'webhook-secret', {
      secretName,
      description: 'Shared with the venue: signs its webhooks',
      generateSecretString: { passwordLength: 48, excludePunctuation: true },
      removalPolicy: stage.keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
  }

  // A call that EventBridge could not deliver; the next of its kind makes up for it, except for a plan.
  #undelivered(): Queue {
    return new Queue(this, 'undelivered', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
  }

  #planEvents(functions: PipelineFunctions, deadLetterQueue: Queue): void {
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
