import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { ACCESS } from '../../infra/access.ts';
import { PipelineStack } from '../../infra/pipeline-stack.ts';
import { QUEUE_PARTS } from '../../infra/pipeline-queues.ts';
import { readStage } from '../../infra/stages.ts';
import { QUEUES } from '../../shared/messages.ts';

type Properties = ReturnType<Template['findResources']>[string];

const flags = JSON.parse(readFileSync('cdk.json', 'utf8')).context;

const outdir = mkdtempSync(join(tmpdir(), 'claimjump-template-'));
afterAll(() => rmSync(outdir, { recursive: true, force: true }));
const newApp = (context: Record<string, unknown>): App => new App({ context, outdir: mkdtempSync(join(outdir, 'app-')) });

const stackOf = (context: Record<string, string>): PipelineStack => {
  // Bundling is left out: these tests read the template alone.
  const app = newApp({ ...flags, 'aws:cdk:bundling-stacks': [] });
  return new PipelineStack(app, 'claimjump-test', { stage: readStage((name) => context[name]) });
};
const paper = Template.fromStack(stackOf({}));
const production = Template.fromStack(
  stackOf({ stage: 'production', account: 'fund', venueUrl: 'https://venue.example.com' }),
);

const resources = (template: Template, type: string): [string, Properties][] =>
  Object.entries(template.findResources(type)).map(([id, resource]) => [id, resource['Properties']]);
const nameOf = (logicalId: string): string =>
  Object.keys(ACCESS).find((name) => logicalId.startsWith(name.replaceAll('-', ''))) ?? logicalId;

describe('the table', () => {
  const [, table] = resources(paper, 'AWS::DynamoDB::GlobalTable')[0] ?? ['', {}];

  it('is paid by request, restorable to a point in time and drops what has expired', () => {
    expect(table['BillingMode']).toBe('PAY_PER_REQUEST');
    expect(table['Replicas'][0].PointInTimeRecoverySpecification).toEqual({ PointInTimeRecoveryEnabled: true });
    expect(table['TimeToLiveSpecification']).toEqual({ AttributeName: 'ttl', Enabled: true });
  });

  it('outlives its stack and refuses to be deleted in production, and only there', () => {
    production.hasResource('AWS::DynamoDB::GlobalTable', {
      DeletionPolicy: 'Retain',
      Properties: { Replicas: [Match.objectLike({ DeletionProtectionEnabled: true })] },
    });
    paper.hasResource('AWS::DynamoDB::GlobalTable', {
      DeletionPolicy: 'Delete',
      Properties: { Replicas: [Match.objectLike({ DeletionProtectionEnabled: false })] },
    });
  });
});

describe('the queues', () => {
  const queues = resources(paper, 'AWS::SQS::Queue');
  const fed = queues.filter(([, queue]) => queue['RedrivePolicy'] !== undefined);
  const timeouts = new Map(
    resources(paper, 'AWS::Lambda::Function').map(([id, properties]) => [id, Number(properties['Timeout'])]),
  );

  it('are those that messages are sent to, each under the environment name that the sender reads', () => {
    const parts = Object.entries(QUEUE_PARTS).map(([name, { environment, fifo }]) => ({ name, environment, fifo }));
    const wanted = Object.values(QUEUES).map(({ name, environment, group }) => ({ name, environment, fifo: group !== null }));
    const byName = (left: { name: string }, right: { name: string }) => left.name.localeCompare(right.name);
    expect(parts.sort(byName)).toEqual(wanted.sort(byName));
    expect(fed).toHaveLength(wanted.length);
  });

  it.each(fed)('%s puts aside after five tries, into a queue of its own kind that says what that means', (_id, queue) => {
    const [targetId] = queue['RedrivePolicy'].deadLetterTargetArn['Fn::GetAtt'];
    const target = paper.toJSON()['Resources'][targetId];
    expect(queue['RedrivePolicy'].maxReceiveCount).toBe(5);
    expect(target.Properties.FifoQueue).toBe(queue['FifoQueue']);
    expect(target.Metadata.failureMeans).toMatch(/\w{3,}.*\./);
  });

  it.each(resources(paper, 'AWS::Lambda::EventSourceMapping'))(
    '%s answers message by message, and hides what it reads for six times its function’s limit',
    (_id, mapping) => {
      expect(mapping['FunctionResponseTypes']).toEqual(['ReportBatchItemFailures']);
      expect(mapping['MaximumBatchingWindowInSeconds'] ?? 0).toBe(0);
      const queue = paper.toJSON()['Resources'][mapping['EventSourceArn']['Fn::GetAtt'][0]].Properties;
      expect(queue.VisibilityTimeout).toBeGreaterThanOrEqual(6 * (timeouts.get(mapping['FunctionName'].Ref) ?? Infinity));
    },
  );

  it('are read in the order in which work ends: orders, look-ups, steals, then new prices', () => {
    const read = resources(paper, 'AWS::Lambda::EventSourceMapping').map(([, mapping]) => {
      const [id] = mapping['EventSourceArn']['Fn::GetAtt'];
      return Object.keys(QUEUE_PARTS).find((name) => id.startsWith(`${name.replaceAll('-', '')}queue`));
    });
    expect(read).toEqual(['actions', 'lookups', 'steals', 'quotes', 'reconcile-ticks', 'quote-ticks']);
  });

  it('are encrypted and refuse plain connections, dead letters included', () => {
    for (const [, queue] of queues) expect(queue['SqsManagedSseEnabled']).toBe(true);
    const policies = resources(paper, 'AWS::SQS::QueuePolicy');
    expect(policies).toHaveLength(queues.length);
    for (const [, policy] of policies) {
      const denied = policy['PolicyDocument'].Statement.filter(
        (statement: Properties) => statement['Condition']?.Bool?.['aws:SecureTransport'] === 'false',
      );
      expect(denied).toHaveLength(1);
    }
  });
});

describe('the functions', () => {
  it.each(resources(paper, 'AWS::Lambda::Function'))('%s runs on arm64 and Node 24', (_id, properties) => {
    expect(properties['Architectures']).toEqual(['arm64']);
    expect(properties['Runtime']).toBe('nodejs24.x');
  });

  it('are those of access.ts', () => {
    const names = resources(paper, 'AWS::Lambda::Function').map(([id]) => nameOf(id));
    expect(names.sort()).toEqual(Object.keys(ACCESS).sort());
  });

  it('keep their logs for a month', () => {
    const groups = resources(paper, 'AWS::Logs::LogGroup');
    expect(groups).toHaveLength(Object.keys(ACCESS).length);
    for (const [, group] of groups) expect(group['RetentionInDays']).toBe(30);
  });

  it('open the webhook to the venue, which signs by itself, and plans to signed AWS requests only', () => {
    const auth = resources(paper, 'AWS::Lambda::Url').map(([id, url]) => [nameOf(id), url['AuthType']]);
    expect(Object.fromEntries(auth)).toEqual({ 'order-webhook': 'NONE', 'plan-intake': 'AWS_IAM' });
  });

  it('get the address of the venue only where they ask it, and the secret’s name only where they check it', () => {
    for (const [id, { Environment }] of resources(paper, 'AWS::Lambda::Function')) {
      const access = ACCESS[nameOf(id) as keyof typeof ACCESS];
      expect('VENUE_URL' in Environment.Variables).toBe(access.asksVenue);
      expect('WEBHOOK_SECRET_NAME' in Environment.Variables).toBe(access.readsWebhookSecret);
    }
  });
});

describe('least privilege', () => {
  const statements = (template: Template): [string, Properties][] =>
    resources(template, 'AWS::IAM::Policy').flatMap(([id, policy]) =>
      policy['PolicyDocument'].Statement.map((statement: Properties): [string, Properties] => [id, statement]),
    );
  const listOf = <Item>(value: Item | Item[]): Item[] => [value].flat() as Item[];
  const idOf = (resource: Properties): string => resource['Fn::GetAtt']?.[0] ?? resource['Ref'] ?? '';
  const queueOf = (resource: Properties): string =>
    Object.keys(QUEUE_PARTS).find((name) => idOf(resource).startsWith(`${name.replaceAll('-', '')}queue`)) ?? idOf(resource);
  const grants = (name: string, wanted: string): Properties[] =>
    statements(paper)
      .filter(([id, statement]) => nameOf(id) === name && id.includes('role') && listOf(statement['Action']).includes(wanted))
      .map(([, statement]) => statement);
  const queuesOf = (name: string, action: string): string[] =>
    grants(name, action).flatMap((statement) => listOf<Properties>(statement['Resource']).map(queueOf)).sort();

  it('names every resource', () => {
    for (const [, statement] of [...statements(paper), ...statements(production)]) {
      expect(statement['Effect']).toBe('Allow');
      for (const resource of listOf(statement['Resource'])) expect(JSON.stringify(resource)).not.toContain('*');
      for (const action of listOf<string>(statement['Action'])) expect(action).not.toContain('*');
    }
  });

  it('uses no policy that AWS manages', () => {
    for (const [, role] of resources(paper, 'AWS::IAM::Role')) expect(role['ManagedPolicyArns']).toBeUndefined();
  });

  it.each(Object.entries(ACCESS))('%s may do to the table what access.ts says and nothing else', (name, access) => {
    const actions = statements(paper)
      .filter(([id]) => nameOf(id) === name)
      .flatMap(([, statement]) => listOf<string>(statement['Action']))
      .filter((action) => action.startsWith('dynamodb:'));
    expect(actions.sort()).toEqual([...access.table].sort());
  });

  it.each(Object.entries(ACCESS))('%s may send to and read from its own queues and no others', (name, access) => {
    const undelivered = queuesOf(name, 'sqs:SendMessage').filter((queue) => !queue.startsWith('undelivered'));
    expect(undelivered).toEqual([...access.sends].sort());
    expect(queuesOf(name, 'sqs:ReceiveMessage')).toEqual([...access.consumes].sort());
  });

  it('lets the webhook read its secret and nobody else', () => {
    const readers = Object.keys(ACCESS).filter((name) => grants(name, 'secretsmanager:GetSecretValue').length > 0);
    expect(readers).toEqual(['order-webhook']);
  });

  it('gives each function no other action', () => {
    const known = ['dynamodb:', 'sqs:', 'logs:CreateLogStream', 'logs:PutLogEvents', 'secretsmanager:GetSecretValue', 'lambda:InvokeFunction'];
    for (const [, statement] of statements(paper)) {
      for (const action of listOf<string>(statement['Action'])) {
        expect(known.some((prefix) => action.startsWith(prefix))).toBe(true);
      }
    }
  });
});

describe('MH-3 schedules', () => {
  const schedules = resources(paper, 'AWS::Scheduler::Schedule').map(([, schedule]) => schedule);
  const inputs = schedules.map(({ Target }) => JSON.parse(Target.Input).kind);

  it('run in New York time, to the minute', () => {
    for (const schedule of schedules) {
      expect(schedule['ScheduleExpressionTimezone']).toBe('America/New_York');
      expect(schedule['FlexibleTimeWindow']).toEqual({ Mode: 'OFF' });
    }
  });

  it('read the account before they act on it, and prices last', () => {
    expect(inputs).toEqual(['RECONCILE', 'PRE_OPEN_RESET', 'EXPIRY', 'AUTO_EXIT', 'CRYPTO_RUN', 'QUOTE_POLL']);
  });

  it('put aside what could not be delivered', () => {
    for (const { Target } of schedules) expect(Target.DeadLetterConfig.Arn).toBeDefined();
  });
});

describe('the stages', () => {
  it('refuses a stage that does not exist, and a production without its account or venue', () => {
    expect(() => stackOf({ stage: 'staging' })).toThrow('stage: expected paper or production, found staging');
    expect(() => stackOf({ stage: 'production', venueUrl: 'https://venue.example.com' })).toThrow('-c account=');
    expect(() => stackOf({ stage: 'production', account: 'fund' })).toThrow('-c venueUrl=');
  });

  it('refuses a setting that does not parse, at synthesis', () => {
    const stage = { ...readStage(() => undefined), settings: { WORK_STEALING_FIGHT_THRESHOLD: '0' } };
    const app = newApp({ 'aws:cdk:bundling-stacks': [] });
    expect(() => new PipelineStack(app, 'claimjump-test', { stage })).toThrow('WORK_STEALING_FIGHT_THRESHOLD');
  });

  it('tags what it deploys', () => {
    expect(stackOf({}).tags.tagValues()).toEqual({ project: 'claimjump', stage: 'paper' });
  });
});
