import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ACCESS } from '../../infra/access.ts';
import type { FunctionName } from '../../infra/access.ts';
import { QUEUE_PARTS } from '../../infra/pipeline-queues.ts';
import { roleStage } from './role-stage.ts';
import { grantsOf, namer, roleTable, statementsOf } from './role-table.ts';
import type { Statement } from './role-table.ts';
import { stageWith } from './stage-builder.ts';
import { ofType, resourcesOf } from './template-of.ts';
import type { Resource } from './template-of.ts';

const resources = resourcesOf(roleStage());
const paper = resourcesOf(stageWith('paper'));
const sandbox = resourcesOf(stageWith('sandbox'));
const grants = grantsOf(resources);
const functions = Object.entries(ACCESS) as [FunctionName, (typeof ACCESS)[FunctionName]][];

describe('the roles', () => {
  it('are as docs/roles.md says, each action on each resource under each condition (else `npm run roles` writes it anew)', () => {
    expect(roleTable(resources)).toBe(readFileSync('docs/roles.md', 'utf8'));
  });

  // The table is only a guard if nothing can be hidden in it.
  const withStatements = (change: (statements: Statement[]) => unknown[]): readonly Resource[] =>
    resources.map((resource) =>
      resource.path === 'quote-poll/role/DefaultPolicy'
        ? { ...resource, properties: { ...resource.properties, PolicyDocument: { Statement: change([...statementsOf(resource)]) } } }
        : resource,
    );
  it.each([
    ['an action that is taken away', ([first, ...others]: Statement[]) => [first === undefined ? [] : { ...first, Action: first.Action.slice(1) }, ...others].flat()],
    ['an action that is added', ([first, ...others]: Statement[]) => [first === undefined ? [] : { ...first, Action: [...first.Action, 'dynamodb:Scan'] }, ...others].flat()],
    ['a resource that is widened', ([first, ...others]: Statement[]) => [first === undefined ? [] : { ...first, Resource: ['*'] }, ...others].flat()],
    ['a condition that is dropped', (statements: Statement[]) => statements.map((each) => ({ ...each, Condition: {} }))],
    ['an effect that is turned round', ([first, ...others]: Statement[]) => [first === undefined ? [] : { ...first, Effect: 'Deny' }, ...others].flat()],
  ])('are not as the page says with %s', (_name, change) => {
    expect(roleTable(withStatements(change))).not.toBe(roleTable(resources));
  });

  it('are one for each function, and each is its own', () => {
    const nameOf = namer(resources);
    const takers = ofType(resources, 'AWS::Lambda::Function').map(({ path, properties }) => [path.replace(/\/function$/, ''), nameOf(properties['Role'])]);
    expect(takers.sort()).toEqual(functions.map(([name]) => [name, `${name}/role`]).sort());
  });

  it('take nothing from AWS’s own policies, and share the one of X-Ray, and the network’s where they ask the venue by one address', () => {
    const nameOf = namer(resources);
    for (const role of ofType(resources, 'AWS::IAM::Role')) {
      const [, access] = functions.find(([name]) => role.path === `${name}/role`) ?? [];
      const shared = access === undefined ? [] : ['tracing', ...(access.asksVenue ? ['egress/network-policy'] : [])];
      expect([role.properties['ManagedPolicyArns'] ?? []].flat().map(nameOf)).toEqual(shared);
      expect(role.properties['Policies']).toBeUndefined();
    }
    const shared = grants.filter(({ action }) => action.startsWith('xray:'));
    expect([...new Set(shared.map(({ action }) => action))].sort()).toEqual(['xray:PutTelemetryRecords', 'xray:PutTraceSegments']);
  });

  it('name every action, and every resource where the service knows any', () => {
    for (const { action } of grants) expect(action).not.toContain('*');
    const anywhere = grants.filter(({ effect, resource, action }) => effect === 'Allow' && resource.includes('*') && !action.startsWith('ec2:'));
    expect([...new Set(anywhere.map(({ role, action }) => (action.startsWith('xray:') ? action : `${role} ${action}`)))].sort()).toEqual([
      'operator logs:GetQueryResults',
      'operator logs:StopQuery',
      'xray:PutTelemetryRecords',
      'xray:PutTraceSegments',
    ]);
  });

  it('let a function’s own code do nothing to the network that its role gives it a place in', () => {
    const network = grants.filter(({ action }) => action.startsWith('ec2:'));
    const denied = network.filter(({ effect }) => effect === 'Deny').map(({ role, action, condition }) => `${role} ${action} ${condition}`);
    const allowed = network.filter(({ effect }) => effect === 'Allow').map(({ role, action }) => `${role} ${action} Null lambda:SourceFunctionArn false`);
    expect(denied.sort()).toEqual(allowed.sort());
    expect([...new Set(network.map(({ role }) => role))].sort()).toEqual(['order-action', 'quote-poll', 'reconcile']);
  });

  it.each(functions)('let %s do to the table what access.ts says, in its own account’s partition alone', (name, access) => {
    const own = grants.filter(({ role, action }) => role === name && action.startsWith('dynamodb:'));
    expect(own.map(({ action }) => action).sort()).toEqual([...access.table].sort());
    for (const { resource, condition } of own) {
      expect([resource, condition]).toEqual(['table', 'ForAllValues:StringEquals dynamodb:LeadingKeys fund']);
    }
  });

  const queuesOf = (name: string, wanted: string): string[] =>
    grants.filter(({ role, action }) => role === name && action === wanted).map(({ resource }) => resource).sort();
  const every = (suffix: string): string[] => Object.keys(QUEUE_PARTS).map((queue) => `${queue}/${suffix}`);

  it.each(functions)('let %s send to and read from its own queues and no others', (name, access) => {
    const sends = access.redrives ? every('queue') : access.sends.map((queue) => `${queue}/queue`);
    expect(queuesOf(name, 'sqs:SendMessage')).toEqual([...sends, ...(access.calledAside ? ['undelivered'] : [])].sort());
    const reads = access.redrives ? every('dead-letters') : access.consumes.map((queue) => `${queue}/queue`);
    expect(queuesOf(name, 'sqs:ReceiveMessage')).toEqual(reads.sort());
  });

  it('give those who read a queue what a mapping needs, and none the right to hide a message longer', () => {
    const readers = grants.filter(({ action }) => action === 'sqs:ReceiveMessage');
    for (const { role, resource } of readers) {
      const own = grants.filter((grant) => grant.role === role && grant.resource === resource).map(({ action }) => action);
      expect(own).toEqual(expect.arrayContaining(['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage']));
    }
    expect(grants.some(({ action }) => action === 'sqs:ChangeMessageVisibility')).toBe(false);
  });

  it('SL-11 let the operator search the logs of every function and nobody else’s', () => {
    expect(queuesOf('operator', 'logs:StartQuery')).toEqual(functions.map(([name]) => `${name}/log`).sort());
    expect(grants.filter(({ role, action }) => role in ACCESS && role !== 'operator' && /^logs:(?!CreateLogStream|PutLogEvents)/.test(action))).toEqual([]);
  });

  it('let session alone publish to the topic', () => {
    expect(grants.filter(({ action }) => action.startsWith('sns:')).map(({ role, action, resource }) => [role, action, resource])).toEqual([['session', 'sns:Publish', 'notices']]);
  });
});

describe('secrets', () => {
  const readers = (of: readonly Resource[], what: RegExp): string[] =>
    grantsOf(of).filter(({ action, resource }) => action === 'secretsmanager:GetSecretValue' && what.test(resource)).map(({ role }) => role).sort();

  it('EX-9 of the exchange are read by order-action, quote-poll and reconcile, and by nobody else', () => {
    expect(readers(resources, /:secret:fund\/kraken-\?{6}$/)).toEqual(['order-action', 'quote-poll', 'reconcile']);
    expect(readers(sandbox, /:secret:claimjump\/sandbox\/alpaca-\?{6}$/)).toEqual(['order-action', 'quote-poll', 'reconcile']);
    const opens = grants.filter(({ resource }) => resource.startsWith('arn:aws:kms:'));
    expect(opens.map(({ role, action }) => [role, action]).sort()).toEqual(['order-action', 'quote-poll', 'reconcile'].map((role) => [role, 'kms:Decrypt']));
  });

  it('of the webhook are read by order-webhook and by nobody else', () => {
    for (const each of [resources, sandbox, paper]) expect(readers(each, /^webhook-secret$/)).toEqual(['order-webhook']);
  });

  it('are these two and no others', () => {
    expect(readers(resources, /./)).toEqual(['order-action', 'order-webhook', 'quote-poll', 'reconcile']);
    expect(readers(paper, /./)).toEqual(['order-webhook']);
  });

  // A value, wherever it stands: nothing in a template may be worth reading.
  const texts = (value: unknown): readonly string[] => {
    if (typeof value === 'string') return [value];
    return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : [];
  };
  const fields = (value: unknown): readonly (readonly [string, unknown])[] =>
    typeof value === 'object' && value !== null ? Object.entries(value).flatMap(([name, each]) => [[name, each] as const, ...fields(each)]) : [];

  it.each([['paper', paper], ['sandbox', sandbox], ['live', resources]])('stand nowhere in the template of %s: it holds names, and no way to put a value in', (_name, of) => {
    const all = of.map(({ properties }) => properties);
    expect(texts(all).filter((text) => /\{\{resolve:|BEGIN [A-Z ]*PRIVATE KEY/.test(text))).toEqual([]);
    const named = fields(all).filter(([name, value]) => /secret|password|passphrase|api_?key|token|credential/i.test(name) && typeof value === 'string');
    expect([...new Set(named.map(([name]) => name))].sort()).toEqual(named.length > 1 ? ['VENUE_SECRET_NAME', 'WEBHOOK_SECRET_NAME'] : ['WEBHOOK_SECRET_NAME']);
    const made = ofType(of, 'AWS::SecretsManager::Secret');
    expect(made.map(({ properties }) => [properties['SecretString'], properties['GenerateSecretString']])).toEqual([[undefined, expect.objectContaining({ PasswordLength: 48 })]]);
  });

  it('of an exchange stand in the template by their name, and the name is all there is', () => {
    const known = texts(resources.map(({ properties }) => properties)).filter((text) => text.includes('kraken'));
    expect([...new Set(known)].sort()).toEqual([':secret:fund/kraken-??????', 'fund/kraken', 'kraken']);
  });
});
