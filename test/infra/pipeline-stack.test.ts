import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { DateTime } from 'luxon';
import { ACCESS } from '../../infra/access.ts';
import { PipelineStack } from '../../infra/pipeline-stack.ts';
import { QUEUE_PARTS } from '../../infra/pipeline-queues.ts';
import { readSchedule } from '../../infra/schedule-expression.ts';
import type { Stage } from '../../infra/stages.ts';
import { QUEUES } from '../../shared/messages.ts';
import { krakenStage, stageWith } from './stage-builder.ts';

type Properties = ReturnType<Template['findResources']>[string];

const flags = JSON.parse(readFileSync('cdk.json', 'utf8')).context;

const outdir = mkdtempSync(join(tmpdir(), 'claimjump-template-'));
afterAll(() => rmSync(outdir, { recursive: true, force: true }));
const newApp = (context: Record<string, unknown>): App => new App({ context, outdir: mkdtempSync(join(outdir, 'app-')) });

const stackOf = (stage: Stage): PipelineStack => {
  // Bundling is left out: these tests read the template alone.
  const app = newApp({ ...flags, 'aws:cdk:bundling-stacks': [] });
  return new PipelineStack(app, 'claimjump-test', { stage });
};
const paper = Template.fromStack(stackOf(stageWith('paper')));
const production = Template.fromStack(stackOf(stageWith('paper', { account: 'fund', keepsData: true })));
const exchange = Template.fromStack(stackOf(krakenStage()));

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

  const fedBy = (mapping: Properties): string | undefined => {
    const [id] = mapping['EventSourceArn']['Fn::GetAtt'];
    return Object.keys(QUEUE_PARTS).find((name) => id.startsWith(`${name.replaceAll('-', '')}queue`));
  };

  it('are read in the order in which work ends: stops before all, orders, look-ups, steals, then new prices', () => {
    const read = resources(paper, 'AWS::Lambda::EventSourceMapping').map(([, mapping]) => fedBy(mapping));
    expect(read).toEqual(['stops', 'actions', 'lookups', 'watchdogs', 'steals', 'quotes', 'reconcile-ticks', 'quote-ticks']);
  });

  it('SL-4 let stops wait for no other order: a queue and a mapping of their own, in order by symbol', () => {
    const mappings = resources(paper, 'AWS::Lambda::EventSourceMapping').filter(([, mapping]) => fedBy(mapping) === 'stops');
    expect(mappings.map(([, mapping]) => mapping)).toEqual([
      expect.objectContaining({ BatchSize: 1, ScalingConfig: { MaximumConcurrency: 10 } }),
    ]);
    const [[, queue] = ['', {}]] = queues.filter(([id, { RedrivePolicy }]) => id.startsWith('stopsqueue') && RedrivePolicy !== undefined);
    expect(queue).toMatchObject({ FifoQueue: true });
  });

  it('SL-7 let watchdogs wait each for its own time: a standard queue without a delay of its own', () => {
    const [[, queue] = ['', {}]] = queues.filter(([id, { RedrivePolicy }]) => id.startsWith('watchdogsqueue') && RedrivePolicy !== undefined);
    expect(queue['FifoQueue']).toBeUndefined();
    expect(queue['DelaySeconds'] ?? 0).toBe(0);
  });

  it('let everyone who commits what a position needs ring for its stop, and whoever counts a fill set a watchdog', () => {
    const senders = (queue: string): string[] =>
      Object.entries(ACCESS).flatMap(([name, { sends }]) => (sends.some((sent) => sent === queue) ? [name] : []));
    expect(senders('stops').sort()).toEqual(senders('actions').sort());
    expect(senders('watchdogs').sort()).toEqual(['order-action', 'order-webhook', 'reconcile']);
  });
});

describe('the functions', () => {
  it.each(resources(paper, 'AWS::Lambda::Function'))('%s runs on arm64 and Node 24', (_id, properties) => {
    expect(properties['Architectures']).toEqual(['arm64']);
    expect(properties['Runtime']).toBe('nodejs24.x');
  });

  it.each(resources(paper, 'AWS::Lambda::Function'))('%s tells X-Ray how its calls went', (_id, properties) => {
    expect(properties['TracingConfig']).toEqual({ Mode: 'Active' });
  });

  it('are those of access.ts', () => {
    const names = resources(paper, 'AWS::Lambda::Function').map(([id]) => nameOf(id));
    expect(names.sort()).toEqual(Object.keys(ACCESS).sort());
  });

  it('keep their logs for a month', () => {
    const groups = resources(paper, 'AWS::Logs::LogGroup').filter(([id]) => nameOf(id) !== id);
    expect(groups).toHaveLength(Object.keys(ACCESS).length);
    for (const [, group] of groups) expect(group['RetentionInDays']).toBe(30);
  });

  it('get the address of the venue only where they ask it, and the secret’s name only where they check it', () => {
    for (const [id, { Environment }] of resources(paper, 'AWS::Lambda::Function')) {
      const access = ACCESS[nameOf(id) as keyof typeof ACCESS];
      expect('VENUE_URL' in Environment.Variables).toBe(access.asksVenue);
      expect('WEBHOOK_SECRET_NAME' in Environment.Variables).toBe(access.readsWebhookSecret);
    }
  });
});

describe('what functions are told of the stack', () => {
  const variables = (name: string): Properties => resources(paper, 'AWS::Lambda::Function').find(([id]) => nameOf(id) === name)?.[1]['Environment'].Variables ?? {};
  const joined = (value: Properties): string => value['Fn::Join'][1].map((part: Properties | string) => (typeof part === 'string' ? part : part['Ref'])).join('');

  it('is, for the operator, where each queue’s dead letters lie and where they came from', () => {
    const told = JSON.parse(joined(variables('operator')['DEAD_LETTERS']));
    expect(Object.keys(told).sort()).toEqual(Object.keys(QUEUE_PARTS).sort());
    for (const [name, { deadLetters, source }] of Object.entries<Properties>(told)) {
      expect(deadLetters).toMatch(new RegExp(`^${name.replaceAll('-', '')}deadletters[0-9A-F]{8}$`));
      expect(source).toMatch(new RegExp(`^${name.replaceAll('-', '')}queue[0-9A-F]{8}$`));
    }
  });

  it('is, for the operator, the log of every function', () => {
    expect(joined(variables('operator')['LOG_GROUPS']).split(',').map(nameOf).sort()).toEqual(Object.keys(ACCESS).sort());
  });

  it('is the topic for whoever publishes, and nothing of these for anyone else', () => {
    for (const [name, { publishes, readsLogs, redrives }] of Object.entries(ACCESS)) {
      expect('TOPIC_ARN' in variables(name)).toBe(publishes);
      expect('LOG_GROUPS' in variables(name)).toBe(readsLogs);
      expect('DEAD_LETTERS' in variables(name)).toBe(redrives);
    }
  });
});

describe('EX-9 a stage with an exchange', () => {
  const environments = resources(exchange, 'AWS::Lambda::Function').map(([id, { Environment }]) => [nameOf(id), Environment.Variables] as const);

  it('tells the secret’s name and whether it is the sandbox to those who ask the exchange, and the venue to all', () => {
    for (const [name, variables] of environments) {
      const { asksVenue } = ACCESS[name as keyof typeof ACCESS];
      expect(variables).toMatchObject({ VENUE: 'kraken', ...(asksVenue ? { VENUE_SECRET_NAME: 'fund/kraken', VENUE_SANDBOX: '0' } : {}) });
      expect('VENUE_SECRET_NAME' in variables).toBe(asksVenue);
    }
  });

  it('names no address that orders could be sent to', () => {
    for (const [, variables] of environments) {
      expect(Object.keys(variables).filter((name) => name.includes('URL') && !name.endsWith('_QUEUE_URL'))).toEqual([]);
    }
  });

  it('makes no secret of the exchange’s keys: a person puts them in', () => {
    expect(resources(exchange, 'AWS::SecretsManager::Secret').map(([, { Name }]) => Name)).toEqual(['claimjump-test/webhook']);
  });

  it('tells Alpaca’s own terms where Alpaca is the venue', () => {
    const alpaca = krakenStage({ venue: 'alpaca', options: { feed: 'sip', fractions: true } });
    const [, { Environment }] = resources(Template.fromStack(stackOf(alpaca)), 'AWS::Lambda::Function').find(([id]) => nameOf(id) === 'order-action') ?? ['', {}];
    expect(Environment.Variables).toMatchObject({ VENUE: 'alpaca', VENUE_SANDBOX: '0', ALPACA_FEED: 'sip', ALPACA_FRACTIONS: '1' });
  });
});

describe('MH-3 schedules', () => {
  const schedules = resources(paper, 'AWS::Scheduler::Schedule').map(([, schedule]) => schedule);
  const inputs = schedules.map(({ Target }) => JSON.parse(Target.Input).kind);

  it('run to the minute, in New York time but for what follows another market', () => {
    for (const schedule of schedules) expect(schedule['FlexibleTimeWindow']).toEqual({ Mode: 'OFF' });
    const elsewhere = schedules
      .filter((schedule) => schedule['ScheduleExpressionTimezone'] !== 'America/New_York')
      .map((schedule) => [schedule['ScheduleExpressionTimezone'], schedule['ScheduleExpression'], JSON.parse(schedule['Target'].Input).kind]);
    expect(elsewhere).toEqual([
      ['Asia/Kolkata', 'cron(10 9 * * ? *)', 'PRE_OPEN_RESET'],
      ['UTC', 'cron(0 0 * * ? *)', 'PRE_OPEN_RESET'],
      ['Asia/Kolkata', 'cron(0/5 14-16 * * ? *)', 'AUTO_EXIT'],
    ]);
  });

  // EXIT_BEFORE_CLOSE_MINUTES is 45: the first sweep must not be later than that, and one must follow the close.
  it.each([
    ['NYSE', 'America/New_York', { year: 2025, month: 6, day: 4, hour: 16 }],
    ['NYSE on a short day', 'America/New_York', { year: 2025, month: 7, day: 3, hour: 13 }],
    ['NSE', 'Asia/Kolkata', { year: 2025, month: 6, day: 4, hour: 15, minute: 30 }],
  ])('SL-6 look for what is to be sold from the auto-exit of %s to its close and after it', (_market, zone, closing) => {
    const close = DateTime.fromObject(closing, { zone }).toMillis();
    const sweeps = schedules.filter((schedule) => JSON.parse(schedule['Target'].Input).kind === 'AUTO_EXIT');
    const isSwept = (from: number, until: number): boolean =>
      sweeps.some((schedule) => readSchedule(schedule['ScheduleExpression'], schedule['ScheduleExpressionTimezone']).nextAfter(from - 1) <= until);
    for (let minute = -45; minute <= 30; minute += 5) expect(isSwept(close + minute * 60_000, close + minute * 60_000)).toBe(true);
  });

  it('read the account before they act on it, and prices last', () => {
    expect([...new Set(inputs)]).toEqual(['RECONCILE', 'PRE_OPEN_RESET', 'EXPIRY', 'AUTO_EXIT', 'CRYPTO_RUN', 'DAILY_REPORT', 'QUOTE_POLL']);
  });

  it('put aside what could not be delivered', () => {
    for (const { Target } of schedules) expect(Target.DeadLetterConfig.Arn).toBeDefined();
  });
});

describe('the stages', () => {
  it('SL-5 tells every function another way to move stops, where one is given that there is', () => {
    const moved = resources(Template.fromStack(stackOf(stageWith('paper', { stopMoves: 'CANCEL_FIRST' }))), 'AWS::Lambda::Function');
    expect(moved.map(([, { Environment }]) => Environment.Variables.VENUE_STOP_MOVES)).toEqual(moved.map(() => 'CANCEL_FIRST'));
    for (const [, { Environment }] of resources(paper, 'AWS::Lambda::Function')) expect(Environment.Variables).not.toHaveProperty('VENUE_STOP_MOVES');
  });

  it('refuses a setting that does not parse, at synthesis', () => {
    const stage = { ...stageWith('paper'), settings: { WORK_STEALING_FIGHT_THRESHOLD: '0' } };
    const app = newApp({ 'aws:cdk:bundling-stacks': [] });
    expect(() => new PipelineStack(app, 'claimjump-test', { stage })).toThrow('WORK_STEALING_FIGHT_THRESHOLD');
  });

  it('tags what it deploys', () => {
    expect(stackOf(stageWith('paper')).tags.tagValues()).toEqual({ project: 'claimjump', stage: 'paper' });
  });
});
