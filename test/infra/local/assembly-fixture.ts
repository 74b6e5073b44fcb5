// A small stack as `cdk synth` writes it, whose functions do what a test tells them to.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Context } from 'aws-lambda';

export interface Deps {
  readonly environment: Record<string, string>;
  readonly clock: { now(): number };
  readonly sqsClient: SQSClient;
  readonly dynamoClient: DynamoDBClient;
}
/** What reaches a function of the small stack: a batch, a schedule's input, a request or what the test calls it with. */
export interface SmallEvent {
  readonly Records?: readonly { readonly body: string; readonly messageId: string }[];
  readonly kind?: string;
  readonly repeatSeconds?: readonly number[];
  readonly url?: string;
  readonly bodies?: readonly string[];
  readonly sends?: readonly SmallSend[];
}
export interface SmallSend {
  readonly url?: string;
  readonly body: string;
  readonly delaySeconds?: number;
}
export type Behave = (name: string, event: SmallEvent, deps: Deps, context: Context) => Promise<unknown>;

const BUNDLE = `
export const createDeps = (environment, overrides) => ({ environment, ...overrides });
export const createHandler = (deps) => async (event, context) => deps.behave(deps.environment.NAME, event, deps, context);
`;

const STACK = 'small';
const at = (path: string) => ({ Metadata: { 'aws:cdk:path': `${STACK}/${path}/Resource` } });

const queue = (name: string, fifo: boolean, maxReceiveCount: number) => {
  const kind = fifo ? { FifoQueue: true } : {};
  return {
    [`${name}Dead`]: { Type: 'AWS::SQS::Queue', Properties: { ...kind, MessageRetentionPeriod: 1_209_600 }, ...at(`${name}/dead-letters`) },
    [`${name}Queue`]: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        ...kind,
        VisibilityTimeout: 180,
        RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': [`${name}Dead`, 'Arn'] }, maxReceiveCount },
      },
      ...at(`${name}/queue`),
    },
  };
};

// Both may be sent to by whoever has a policy; the sorter has none.
const sends = (name: string) => ({
  [`${name}Policy`]: {
    Type: 'AWS::IAM::Policy',
    Properties: {
      PolicyDocument: {
        Statement: [
          { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: [{ 'Fn::GetAtt': ['plainQueue', 'Arn'] }, { 'Fn::GetAtt': ['orderedQueue', 'Arn'] }] },
          { Effect: 'Allow', Action: ['dynamodb:GetItem', 'dynamodb:PutItem'], Resource: { 'Fn::GetAtt': ['table', 'Arn'] } },
        ],
      },
      Roles: [{ Ref: `${name}Role` }],
    },
    ...at(`${name}/policy`),
  },
});

const lambda = (name: string, variables: Record<string, unknown>) => ({
  [`${name}Role`]: { Type: 'AWS::IAM::Role', Properties: {}, ...at(`${name}/role`) },
  [name]: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Handler: 'index.handler',
      Role: { 'Fn::GetAtt': [`${name}Role`, 'Arn'] },
      Timeout: 5,
      MemorySize: 256,
      ...(name === 'worker' ? { ReservedConcurrentExecutions: 3 } : {}),
      Environment: { Variables: { NAME: name, ACCOUNT: 'main', TABLE_NAME: { Ref: 'table' }, ...variables } },
    },
    Metadata: { 'aws:cdk:path': `${STACK}/${name}/function/Resource`, 'aws:asset:path': 'asset.one' },
  },
});

const mapping = (queueId: string, name: string) => ({
  [`${queueId}To${name}`]: {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: {
      EventSourceArn: { 'Fn::GetAtt': [queueId, 'Arn'] },
      FunctionName: { Ref: name },
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 2 },
    },
    ...at(`${name}/${queueId}`),
  },
});

const route = (name: string, path: string, authorization: string) => ({
  [`${name}Integration`]: {
    Type: 'AWS::ApiGatewayV2::Integration',
    Properties: { ApiId: { Ref: 'api' }, IntegrationType: 'AWS_PROXY', IntegrationUri: { 'Fn::GetAtt': [name, 'Arn'] }, PayloadFormatVersion: '2.0' },
    ...at(`api/${name}/integration`),
  },
  [`${name}Route`]: {
    Type: 'AWS::ApiGatewayV2::Route',
    Properties: {
      ApiId: { Ref: 'api' },
      RouteKey: `POST ${path}`,
      AuthorizationType: authorization,
      Target: { 'Fn::Join': ['', ['integrations/', { Ref: `${name}Integration` }]] },
    },
    ...at(`api/${name}`),
  },
});

const schedule = (name: string, expression: string, functionName: string, input: object) => ({
  [`${name}Schedule`]: {
    Type: 'AWS::Scheduler::Schedule',
    Properties: {
      ScheduleExpression: expression,
      ScheduleExpressionTimezone: 'America/New_York',
      Target: { Arn: { 'Fn::GetAtt': [functionName, 'Arn'] }, Input: JSON.stringify(input) },
    },
    Metadata: { 'aws:cdk:path': `${STACK}/schedule/${name}` },
  },
});

const template = (): object => ({
  Resources: {
    table: {
      Type: 'AWS::DynamoDB::GlobalTable',
      Properties: {
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        AttributeDefinitions: [
          { AttributeName: 'pk', AttributeType: 'S' },
          { AttributeName: 'sk', AttributeType: 'S' },
        ],
        TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
        Replicas: [{ Region: { Ref: 'AWS::Region' } }],
      },
      ...at('table'),
    },
    ...queue('plain', false, 3),
    ...queue('ordered', true, 3),
    ...lambda('worker', { PLAIN_QUEUE_URL: { Ref: 'plainQueue' }, VENUE_URL: 'http://venue.example' }),
    ...sends('worker'),
    ...lambda('sorter', {}),
    ...lambda('reconcile', {}),
    ...mapping('orderedQueue', 'sorter'),
    ...mapping('plainQueue', 'worker'),
    ...schedule('minute', 'rate(1 minute)', 'worker', { kind: 'MINUTE', repeatSeconds: [20, 40] }),
    ...schedule('noon', 'cron(0 12 ? * MON-FRI *)', 'worker', { kind: 'NOON' }),
    api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: STACK, ProtocolType: 'HTTP' }, ...at('api') },
    ...route('worker', '/work', 'NONE'),
    ...route('reconcile', '/signed', 'AWS_IAM'),
    stage: {
      Type: 'AWS::ApiGatewayV2::Stage',
      Properties: {
        ApiId: { Ref: 'api' },
        StageName: '$default',
        RouteSettings: { 'POST /work': { ThrottlingRateLimit: 20, ThrottlingBurstLimit: 5 } },
      },
      ...at('stage'),
    },
  },
});

/** Makes a directory that the test removes with what it has put there. */
export const makeDirectory = (): { readonly path: string; remove(): void } => {
  const path = mkdtempSync(join(tmpdir(), 'claimjump-data-'));
  return {
    path,
    remove: () => {
      rmSync(path, { recursive: true, force: true });
    },
  };
};

/** Writes the small stack into a new directory. */
export const writeAssembly = (): ReturnType<typeof makeDirectory> => {
  const directory = makeDirectory();
  const write = (name: string, text: string): void => {
    writeFileSync(join(directory.path, name), text);
  };
  mkdirSync(join(directory.path, 'asset.one'));
  write(join('asset.one', 'index.mjs'), BUNDLE);
  write('small.template.json', JSON.stringify(template()));
  const artifacts = { [STACK]: { type: 'aws:cloudformation:stack', properties: { templateFile: 'small.template.json' } } };
  write('manifest.json', JSON.stringify({ artifacts }));
  return directory;
};

/** Sends as a function does, with the client that it was given. */
export const send = async (
  deps: Deps,
  queueUrl: string,
  body: string,
  options: { delaySeconds?: number; group?: string } = {},
): Promise<void> => {
  const { delaySeconds, group } = options;
  await deps.sqsClient.send(
    new SendMessageCommand({
      QueueUrl: queueUrl,
      MessageBody: body,
      ...(delaySeconds === undefined ? {} : { DelaySeconds: delaySeconds }),
      ...(group === undefined ? {} : { MessageGroupId: group, MessageDeduplicationId: body }),
    }),
  );
};
