// The pipeline's own keys: one for what lies still, one for secrets; both turn by themselves each year.
import { ArnFormat, Aws, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';

export interface PipelineKeys {
  /** Encrypts the table, the queues, the topic and the logs. */
  readonly data: Key;
  readonly secrets: Key;
}

export interface PipelineKeysProps {
  /** Whether the keys outlive the stack: what they encrypted cannot be read without them. */
  readonly keepsData: boolean;
}

/** How long a key that is deleted can still be had back. */
const WAIT_BEFORE_DELETION = Duration.days(7);

const makeKey = (scope: Construct, id: string, description: string, { keepsData }: PipelineKeysProps): Key =>
  new Key(scope, id, {
    description: `${Stack.of(scope).stackName}: ${description}`,
    enableKeyRotation: true,
    pendingWindow: WAIT_BEFORE_DELETION,
    removalPolicy: keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  });

// What the stack makes is named after it: naming the resources themselves would close a circle with what they are encrypted by.
const ownArn = (scope: Construct, service: string, resource: string): string =>
  Stack.of(scope).formatArn({ service, resource, resourceName: `${Stack.of(scope).stackName}-*`, arnFormat: ArnFormat.COLON_RESOURCE_NAME });

const ownQueues = (scope: Construct): string => Stack.of(scope).formatArn({ service: 'sqs', resource: `${Stack.of(scope).stackName}-*` });

const letLogs = (scope: Construct, key: Key): void => {
  key.addToResourcePolicy(
    new PolicyStatement({
      sid: 'LogsOfThisStack',
      principals: [new ServicePrincipal(`logs.${Aws.REGION}.amazonaws.com`)],
      actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncryptFrom', 'kms:ReEncryptTo', 'kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext', 'kms:DescribeKey'],
      resources: ['*'],
      conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': ownArn(scope, 'logs', 'log-group') } },
    }),
  );
};

const letAlarms = (scope: Construct, key: Key): void => {
  key.addToResourcePolicy(
    new PolicyStatement({
      sid: 'AlarmsOfThisAccount',
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: ['*'],
      conditions: {
        StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
        ArnLike: { 'aws:SourceArn': alarmsArn(scope) },
      },
    }),
  );
};

/** Every alarm of the account and region. */
export const alarmsArn = (scope: Construct): string =>
  Stack.of(scope).formatArn({ service: 'cloudwatch', resource: 'alarm', resourceName: '*', arnFormat: ArnFormat.COLON_RESOURCE_NAME });

// EventBridge tells KMS nothing of the rule it acts for, so the queue's own name in the encryption context has to limit it.
const letDeliveries = (scope: Construct, key: Key): void => {
  key.addToResourcePolicy(
    new PolicyStatement({
      sid: 'UndeliveredOfThisStack',
      principals: [new ServicePrincipal('events.amazonaws.com'), new ServicePrincipal('sns.amazonaws.com')],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: ['*'],
      conditions: { ArnLike: { 'kms:EncryptionContext:aws:sqs:arn': ownQueues(scope) } },
    }),
  );
};

/** Makes both keys, and lets those services of AWS use them that write or deliver for the stack. */
export const pipelineKeys = (scope: Construct, props: PipelineKeysProps): PipelineKeys => {
  const data = makeKey(scope, 'data-key', 'table, queues, topic and logs', props);
  const secrets = makeKey(scope, 'secrets-key', 'secrets', props);
  letLogs(scope, data);
  letAlarms(scope, data);
  letDeliveries(scope, data);
  return { data, secrets };
};
