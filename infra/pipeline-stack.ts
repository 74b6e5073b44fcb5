import { CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { parseSettings } from '../shared/settings.ts';
import { PipelineSchedule } from './constructs/pipeline-schedule.ts';
import { pipelineTable } from './constructs/pipeline-table.ts';
import { connectQueues, pipelineFunctions, timeoutOf } from './pipeline-functions.ts';
import type { PipelineFunctions } from './pipeline-functions.ts';
import { pipelineQueues } from './pipeline-queues.ts';
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
    this.#schedules(functions, undelivered);
    this.#planEvents(functions, undelivered);
    this.#endpoints(functions);
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

  // Reconcile comes first: what happens at one moment is decided on the account's equity of that moment.
  #schedules(functions: PipelineFunctions, deadLetters: Queue): void {
    new PipelineSchedule(this, 'reconcile-schedule', {
      target: functions.reconcile.handler,
      deadLetters,
      schedules: {
        reconcile: { expression: 'rate(1 minute)', input: { kind: 'RECONCILE', repeatSeconds: [30] } },
      },
    });
    new PipelineSchedule(this, 'session-schedule', {
      target: functions.session.handler,
      deadLetters,
      schedules: {
        'pre-open-reset': { expression: 'cron(25 9 ? * MON-FRI *)', input: { kind: 'PRE_OPEN_RESET', hours: 'NYSE' } },
        'pre-open-reset-india': { expression: 'cron(10 9 ? * MON-FRI *)', zone: 'Asia/Kolkata', input: { kind: 'PRE_OPEN_RESET', hours: 'NSE' } },
        'day-reset': { expression: 'cron(0 0 * * ? *)', zone: 'UTC', input: { kind: 'PRE_OPEN_RESET', hours: 'ALWAYS' } },
        expiry: { expression: 'rate(5 minutes)', input: { kind: 'EXPIRY' } },
        'auto-exit': { expression: 'cron(0/5 12-16 ? * MON-FRI *)', input: { kind: 'AUTO_EXIT' } },
        'auto-exit-india': { expression: 'cron(0/5 14-16 ? * MON-FRI *)', zone: 'Asia/Kolkata', input: { kind: 'AUTO_EXIT' } },
        'crypto-run': { expression: 'rate(5 minutes)', input: { kind: 'CRYPTO_RUN' } },
      },
    });
    new PipelineSchedule(this, 'quote-schedule', {
      target: functions['quote-poll'].handler,
      deadLetters,
      schedules: {
        'quote-poll': {
          expression: 'rate(1 minute)',
          input: { kind: 'QUOTE_POLL', repeatSeconds: [10, 20, 30, 40, 50] },
        },
      },
    });
  }

  #planEvents(functions: PipelineFunctions, deadLetterQueue: Queue): void {
    new Rule(this, 'plan-events', {
      description: 'Plans that a strategy puts on the event bus',
      eventPattern: { source: [PLAN_SOURCE] },
      targets: [new LambdaFunction(functions['plan-intake'].handler, { deadLetterQueue, retryAttempts: 5 })],
    });
  }

  // The venue cannot sign for AWS: its webhooks are checked by order-webhook itself.
  #endpoints(functions: PipelineFunctions): void {
    const webhook = functions['order-webhook'].handler.addFunctionUrl({ authType: FunctionUrlAuthType.NONE });
    const plans = functions['plan-intake'].handler.addFunctionUrl({ authType: FunctionUrlAuthType.AWS_IAM });
    new CfnOutput(this, 'OrderWebhookUrl', { value: webhook.url });
    new CfnOutput(this, 'PlanIntakeUrl', { value: plans.url });
  }
}

const pascalCase = (name: string): string =>
  name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
