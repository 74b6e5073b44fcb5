import { BatchGetItemCommand, DeleteItemCommand, DynamoDBClient, GetItemCommand, PutItemCommand, QueryCommand, TransactWriteItemsCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from '@jest/globals';
import type { CloudParts, FunctionPart } from '../../../infra/local/cloud-parts.ts';
import { AccessDeniedError, checkOf, holdTableClient } from '../../../infra/local/grants.ts';
import { tableUses } from '../../../infra/local/leading-keys.ts';

type Statement = CloudParts['policies'][number]['PolicyDocument']['Statement'][number];

const TABLE = 'arn:table';
const EVERY = ['Query', 'GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'].map((action) => `dynamodb:${action}`);
const ofMain = { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['main'] } };
const table = (Condition: Statement['Condition'], Action = EVERY): Statement => ({ Effect: 'Allow', Action, Resource: [TABLE], Condition });

const part: FunctionPart = { name: 'watcher', arn: 'arn:watcher', Role: 'role', Handler: 'index.handler', Timeout: 5, MemorySize: 128, Environment: { Variables: {} }, file: 'index.mjs' };
const partsWith = (...Statement: Statement[]): CloudParts => ({
  table: { name: 'table', arn: TABLE, KeySchema: [], AttributeDefinitions: [] },
  queues: [],
  functions: [part],
  mappings: [],
  schedules: [],
  routes: [],
  policies: [
    { PolicyDocument: { Statement }, Roles: ['role'] },
    { PolicyDocument: { Statement: [table({})] }, Roles: ['another-role'] },
  ],
});
const checkWith = (...statements: Statement[]) => checkOf(partsWith(...statements), part);

describe('what a function may do on one machine', () => {
  it('is what its own policies name: this action, on this resource', () => {
    const check = checkWith(table({}, ['dynamodb:GetItem']));
    expect(() => check('dynamodb:GetItem', TABLE)).not.toThrow();
    expect(() => check('dynamodb:PutItem', TABLE)).toThrow(AccessDeniedError);
    expect(() => check('dynamodb:GetItem', 'arn:other')).toThrow(AccessDeniedError);
  });

  it('is of the partitions that a condition names, each key of a call among them', () => {
    const check = checkWith(table(ofMain));
    expect(() => check('dynamodb:BatchGetItem', TABLE, ['main', 'main'])).not.toThrow();
    expect(() => check('dynamodb:BatchGetItem', TABLE, ['main', 'other'])).toThrow('watcher is not authorized to perform: dynamodb:BatchGetItem');
  });

  it('is not less for statements of keys that nothing on one machine needs', () => {
    const keys: Statement = { Effect: 'Allow', Action: ['kms:Decrypt'], Resource: ['arn:key'], Condition: { StringEquals: { 'kms:ViaService': ['dynamodb'] } } };
    expect(() => checkWith(table(ofMain), keys)('dynamodb:Query', TABLE, ['main'])).not.toThrow();
  });

  it('is not read where a condition stands that cannot be tried', () => {
    expect(() => checkWith(table({ Bool: { 'aws:MultiFactorAuthPresent': ['true'] } }))).toThrow('Bool aws:MultiFactorAuthPresent');
  });
});

const key = (account: string) => ({ pk: { S: account }, sk: { S: 'RECONCILE' } });
const query = (condition: string, account: string) =>
  new QueryCommand({
    TableName: 't',
    KeyConditionExpression: condition,
    ExpressionAttributeNames: { '#pk': 'pk', '#sk': 'sk' },
    ExpressionAttributeValues: { ':account': { S: account }, ':from': { S: 'main' } },
  });

describe('a partition of another account', () => {
  const client = () => {
    const made = new DynamoDBClient({ region: 'eu-west-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' }, maxAttempts: 1 });
    holdTableClient(made, TABLE, checkWith(table(ofMain)));
    // What is let through is answered here, and never leaves the machine.
    made.middlewareStack.add(() => async () => ({ output: { $metadata: {} }, response: {} }), { step: 'build', name: 'answered' });
    return made;
  };
  const calls = [
    ['GetItem', (account: string) => new GetItemCommand({ TableName: 't', Key: key(account) })],
    ['PutItem', (account: string) => new PutItemCommand({ TableName: 't', Item: key(account) })],
    ['UpdateItem', (account: string) => new UpdateItemCommand({ TableName: 't', Key: key(account) })],
    ['DeleteItem', (account: string) => new DeleteItemCommand({ TableName: 't', Key: key(account) })],
    ['BatchGetItem', (account: string) => new BatchGetItemCommand({ RequestItems: { t: { Keys: [key('main'), key(account)] } } })],
    ['Query', (account: string) => query('#pk = :account AND #sk BETWEEN :from AND :from', account)],
    ['Query by the sort key first', (account: string) => query('#sk = :from AND #pk = :account', account)],
    ['TransactWriteItems, a put', (account: string) => new TransactWriteItemsCommand({ TransactItems: [{ Put: { TableName: 't', Item: key('main') } }, { Put: { TableName: 't', Item: key(account) } }] })],
    ['TransactWriteItems, a check', (account: string) => new TransactWriteItemsCommand({ TransactItems: [{ ConditionCheck: { TableName: 't', Key: key(account), ConditionExpression: 'attribute_exists(pk)' } }] })],
  ] as const;

  it.each(calls)('is refused to %s, and the own one is not', async (_name, commandOf) => {
    // The client knows each command by its own type.
    const send = (account: string): Promise<unknown> => {
      const command = commandOf(account);
      const made = client();
      return command instanceof QueryCommand ? made.send(command) : sendOther(made, command);
    };
    await expect(send('other')).rejects.toThrow('is not authorized to perform');
    await expect(send('main')).resolves.toBeDefined();
  });

  type Other = Exclude<ReturnType<(typeof calls)[number][1]>, QueryCommand>;
  const sendOther = (made: DynamoDBClient, command: Other): Promise<unknown> => {
    if (command instanceof GetItemCommand) return made.send(command);
    if (command instanceof PutItemCommand) return made.send(command);
    if (command instanceof UpdateItemCommand) return made.send(command);
    if (command instanceof DeleteItemCommand) return made.send(command);
    if (command instanceof BatchGetItemCommand) return made.send(command);
    return made.send(command);
  };

  it('is refused where the key of a query cannot be read', async () => {
    await expect(client().send(query('begins_with(#pk, :account)', 'main'))).rejects.toThrow('dynamodb:Query');
  });

  it('needs the action of each part of a transaction', () => {
    const request = { TransactItems: [{ Update: { Key: key('main') } }, { Delete: { Key: key('other') } }] };
    expect(tableUses('TransactWriteItems', request, 'pk')).toEqual([
      { action: 'UpdateItem', partitions: ['main'] },
      { action: 'DeleteItem', partitions: ['other'] },
    ]);
  });
});
