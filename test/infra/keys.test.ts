import { describe, expect, it } from '@jest/globals';
import { QUEUE_PARTS } from '../../infra/pipeline-queues.ts';
import { grantsOf, namer, statementsOf } from './role-table.ts';
import type { Statement } from './role-table.ts';
import { roleStage } from './role-stage.ts';
import { stageWith } from './stage-builder.ts';
import { ofType, resourcesOf } from './template-of.ts';
import type { Resource } from './template-of.ts';

const resources = resourcesOf(roleStage());
const passing = resourcesOf(stageWith('paper', { limits: { ...stageWith('paper').limits, reserveConcurrency: false } }));
const nameOf = namer(resources);
const grants = grantsOf(resources);
const find = (path: string): Resource => {
  const found = resources.find((resource) => resource.path === path);
  if (found === undefined) throw new Error(`no ${path} in the template`);
  return found;
};
const queues = ofType(resources, 'AWS::SQS::Queue');

describe('the keys', () => {
  it('are the pipeline’s own, two, and turn by themselves', () => {
    const keys = ofType(resources, 'AWS::KMS::Key');
    expect(keys.map(({ path }) => path)).toEqual(['data-key', 'secrets-key']);
    for (const { properties } of keys) expect(properties).toMatchObject({ EnableKeyRotation: true, PendingWindowInDays: 7 });
  });

  it('outlive the stack where its data does, since nothing could be read without them, and go where it goes', () => {
    expect(ofType(resources, 'AWS::KMS::Key').map(({ deletionPolicy }) => deletionPolicy)).toEqual(['Retain', 'Retain']);
    expect(ofType(passing, 'AWS::KMS::Key').map(({ deletionPolicy }) => deletionPolicy)).toEqual(['Delete', 'Delete']);
  });

  it('encrypt all that lies still: table, queues with their dead letters, topic, logs; and secrets with one of their own', () => {
    expect(find('table').properties).toMatchObject({ SSESpecification: { SSEEnabled: true, SSEType: 'KMS' } });
    const [replica] = [find('table').properties['Replicas']].flat();
    expect(replica).toMatchObject({ SSESpecification: { KMSMasterKeyId: { 'Fn::GetAtt': [find('data-key').id, 'Arn'] } } });
    for (const { properties } of [...queues, ...ofType(resources, 'AWS::SNS::Topic')]) expect(nameOf(properties['KmsMasterKeyId'])).toBe('data-key');
    const logs = ofType(resources, 'AWS::Logs::LogGroup');
    expect(logs.length).toBeGreaterThan(9);
    for (const { properties } of logs) expect([nameOf(properties['KmsKeyId']), properties['RetentionInDays']]).toEqual(['data-key', 30]);
    for (const { properties } of ofType(resources, 'AWS::SecretsManager::Secret')) expect(nameOf(properties['KmsKeyId'])).toBe('secrets-key');
  });

  it('are used by roles through one service each, and never by themselves', () => {
    for (const { action, condition, resource } of grants.filter((grant) => grant.action.startsWith('kms:'))) {
      expect(['kms:Decrypt', 'kms:GenerateDataKey']).toContain(action);
      expect(condition).toMatch(resource === 'data-key' ? /^StringEquals kms:ViaService (dynamodb|sqs|sns)\./ : /^StringEquals kms:ViaService secretsmanager\./);
    }
  });

  it('make data keys for those alone who send or publish', () => {
    const makers = grants.filter(({ action }) => action === 'kms:GenerateDataKey').map(({ role, condition }) => `${role} ${condition.split(' ').at(-1)}`);
    const senders = grants.filter(({ action }) => action === 'sqs:SendMessage' || action === 'sns:Publish').map(({ role, action }) => `${role} ${action.slice(0, 3)}.REGION.amazonaws.com`);
    expect([...new Set(makers)].sort()).toEqual([...new Set(senders)].sort());
  });

  it('are used by those services of AWS alone that write or deliver here, each for this stack or account', () => {
    const services = statementsOf(find('data-key'), 'KeyPolicy').filter(({ Sid }) => Sid !== undefined);
    const told = services.map(({ Sid, Condition }) => [Sid, Object.values(Condition).flatMap((keys) => Object.entries(keys).map(([key, values]) => `${key} ${values.map(nameOf).join()}`))]);
    expect(Object.fromEntries(told)).toEqual({
      LogsOfThisStack: ['kms:EncryptionContext:aws:logs:arn arn:PARTITION:logs:REGION:ACCOUNTID:log-group:claimjump-live-*'],
      AlarmsOfThisAccount: ['aws:SourceAccount ACCOUNTID', 'aws:SourceArn arn:PARTITION:cloudwatch:REGION:ACCOUNTID:alarm:*'],
      UndeliveredOfThisStack: ['kms:EncryptionContext:aws:sqs:arn arn:PARTITION:sqs:REGION:ACCOUNTID:claimjump-live-*'],
    });
    for (const { Action } of services) for (const action of Action) expect(action).not.toContain('*');
  });

  it('can be managed by the account itself, or they were lost', () => {
    for (const path of ['data-key', 'secrets-key']) {
      expect(statementsOf(find(path), 'KeyPolicy')).toContainEqual(expect.objectContaining({ Action: ['kms:*'], Principal: { AWS: expect.anything() } }));
    }
  });
});

const policyOf = (path: string): readonly Statement[] => statementsOf(find(path));
const conditionOf = ({ Condition }: Statement, operator: string, key: string): readonly string[] => (Condition[operator]?.[key] ?? []).map(nameOf);
const rolesLet = (path: string, action: string): readonly string[] =>
  policyOf(path)
    .filter(({ Sid, Action }) => /^OnlyIts/.test(Sid ?? '') && Action.includes(action))
    .flatMap((statement) => conditionOf(statement, 'ArnNotEquals', 'aws:PrincipalArn'))
    .map((role) => role.replace(/\/role$/, ''))
    .sort();
const mayDo = (resource: string, action: string): readonly string[] => grants.filter((grant) => grant.resource === resource && grant.action === action).map(({ role }) => role).sort();

describe('the queues', () => {
  const paths = queues.map(({ path }) => path);

  it('each have a policy, and so have their dead letters', () => {
    expect(paths).toHaveLength(2 * Object.keys(QUEUE_PARTS).length + 1);
    expect(ofType(resources, 'AWS::SQS::QueuePolicy').map(({ path }) => path.replace(/\/Policy$/, '')).sort()).toEqual([...paths].sort());
  });

  it.each(paths)('%s lets through those roles that may send to it and read from it, and refuses every other', (path) => {
    expect(rolesLet(`${path}/Policy`, 'sqs:SendMessage')).toEqual(mayDo(path, 'sqs:SendMessage'));
    // What could not be delivered is looked at and thrown away by people; no role reads it.
    const kept = policyOf(`${path}/Policy`).filter(({ Sid, Effect }) => Sid?.startsWith('OnlyIts') === true && Effect === 'Deny');
    expect(kept).toHaveLength(path === 'undelivered' ? 1 : 2);
    for (const action of ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility']) {
      expect(rolesLet(`${path}/Policy`, action)).toEqual(mayDo(path, 'sqs:ReceiveMessage'));
    }
    expect(mayDo(path, 'sqs:ReceiveMessage')).toHaveLength(path === 'undelivered' ? 0 : 1);
  });

  it.each(paths)('%s is refused to plain HTTP, and emptied at one stroke by nobody', (path) => {
    const denied = policyOf(`${path}/Policy`).filter(({ Effect, Principal }) => Effect === 'Deny' && JSON.stringify(Principal) === '{"AWS":"*"}');
    const plain = denied.filter((statement) => conditionOf(statement, 'Bool', 'aws:SecureTransport').join() === 'false');
    expect(plain.flatMap(({ Action }) => Action)).toEqual(['sqs:*']);
    const nobody = denied.filter(({ Sid, Condition }) => Sid === 'NobodyAtOneStroke' && Object.keys(Condition).join() === 'BoolIfExists');
    expect(nobody.flatMap(({ Action }) => Action).sort()).toEqual(['sqs:PurgeQueue', 'sqs:StartMessageMoveTask']);
  });

  it.each(paths)('%s can still be made, changed and deleted by whoever deploys', (path) => {
    const over = policyOf(`${path}/Policy`).filter(({ Effect, Condition }) => Effect === 'Deny' && Condition['Bool'] === undefined).flatMap(({ Action }) => Action);
    expect(over.filter((action) => /Attributes|DeleteQueue|Tag|GetQueueUrl|\*/.test(action))).toEqual([]);
  });

  it('let AWS’s own services put aside what they could not deliver, each from the one it delivers for', () => {
    for (const path of paths) {
      const allowed = policyOf(`${path}/Policy`).filter(({ Effect }) => Effect === 'Allow');
      const told = allowed.map((statement) => [statement.Principal, statement.Action, conditionOf(statement, 'ArnEquals', 'aws:SourceArn')]);
      expect(told).toEqual(
        path === 'undelivered'
          ? expect.arrayContaining([
              [{ Service: 'events.amazonaws.com' }, ['sqs:SendMessage'], ['plan-events']],
              [{ Service: 'sns.amazonaws.com' }, ['sqs:SendMessage'], ['notices']],
            ])
          : [],
      );
      expect(told).toHaveLength(path === 'undelivered' ? 2 : 0);
    }
  });

  it('take what a function failed at that nobody waited for', () => {
    const aside = ofType(resources, 'AWS::Lambda::Function').filter(({ properties }) => properties['DeadLetterConfig'] !== undefined);
    expect(aside.map(({ path }) => path.replace(/\/function$/, '')).sort()).toEqual(['plan-intake', 'quote-poll', 'reconcile', 'session']);
    for (const { properties } of aside) expect(properties['DeadLetterConfig']).toEqual({ TargetArn: { 'Fn::GetAtt': [find('undelivered').id, 'Arn'] } });
  });
});

describe('the topic', () => {
  it('lets alarms of this account publish, and those roles that may, and refuses every other', () => {
    expect(rolesLet('notices/Policy', 'sns:Publish')).toEqual(mayDo('notices', 'sns:Publish'));
    const allowed = policyOf('notices/Policy').filter(({ Effect }) => Effect === 'Allow');
    expect(allowed.map((statement) => [statement.Principal, statement.Action, conditionOf(statement, 'StringEquals', 'aws:SourceAccount')])).toEqual([
      [{ Service: 'cloudwatch.amazonaws.com' }, ['sns:Publish'], ['ACCOUNTID']],
    ]);
  });

  it('is refused to plain HTTP', () => {
    const plain = policyOf('notices/Policy').filter((statement) => statement.Effect === 'Deny' && conditionOf(statement, 'Bool', 'aws:SecureTransport').join() === 'false');
    expect(plain.flatMap(({ Action }) => Action)).toEqual(['sns:Publish']);
  });

  it('mails the stage’s own address, or nobody, and puts aside what cannot be mailed', () => {
    expect(ofType(passing, 'AWS::SNS::Subscription')).toEqual([]);
    expect(ofType(resources, 'AWS::SNS::Subscription').map(({ properties }) => properties)).toEqual([
      expect.objectContaining({ Protocol: 'email', Endpoint: 'desk@example.com', RedrivePolicy: expect.anything() }),
    ]);
  });
});

describe('a flood', () => {
  const reserved = (of: readonly Resource[]) =>
    Object.fromEntries(
      ofType(of, 'AWS::Lambda::Function').flatMap(({ path, properties }) =>
        properties['ReservedConcurrentExecutions'] === undefined ? [] : [[path.replace(/\/function$/, ''), properties['ReservedConcurrentExecutions']]],
      ),
    );

  it('SL-4 leaves stops untouched: the webhook has few executions, and order-action as many as all its mappings may run', () => {
    const mapped = ofType(resources, 'AWS::Lambda::EventSourceMapping')
      .filter(({ properties }) => nameOf(properties['FunctionName']) === 'order-action/function')
      .map(({ properties }) => properties['ScalingConfig']);
    const most = mapped.map((scaling) => Number(typeof scaling === 'object' && scaling !== null && 'MaximumConcurrency' in scaling ? scaling.MaximumConcurrency : NaN));
    expect(mapped).toHaveLength(4);
    expect(reserved(resources)).toEqual({ 'order-webhook': 10, 'order-action': most.reduce((sum, each) => sum + each, 0) });
  });

  it('is held by the throttle alone where the account has no executions to reserve', () => {
    expect(reserved(passing)).toEqual({});
  });
});
