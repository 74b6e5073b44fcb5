// On moto, where it is installed: elsewhere the word for its absence is what is tested.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { StageTemplate } from '../../../infra/check/templates.ts';
import { SKIPPED, hasEmulator, runEmulator } from '../../../infra/emulator/run-emulator.ts';
import { stackOf } from '../template-of.ts';
import { stageWith } from '../stage-builder.ts';

const folder = mkdtempSync(join(tmpdir(), 'claimjump-emulator-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const installed = await hasEmulator();
const here = installed ? describe : describe.skip;

const planted = (name: string, resources: object, keepsData = false): StageTemplate => {
  const file = join(folder, `${name}.json`);
  writeFileSync(file, JSON.stringify({ Resources: resources }));
  return { name, file, keepsData };
};

const TABLE = {
  Type: 'AWS::DynamoDB::GlobalTable',
  Properties: {
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
    TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
    Replicas: [{ Region: { Ref: 'AWS::Region' }, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } }],
  },
};

here('a stack on an emulator of AWS', () => {
  it('comes up with every resource, and goes with nothing left but what is retained on purpose', async () => {
    const { app, stack } = stackOf(stageWith('live', { confirmation: 'account main trades with real money at alpaca' }));
    app.synth();
    const file = join(folder, 'live.json');
    writeFileSync(file, readFileSync(join(app.outdir, stack.templateFile)));
    const { code, output } = await runEmulator([{ name: 'live', file, keepsData: true }]);
    expect(output).toMatch(/^live: \d{3} resources of \d\d types were created, read back and deleted/);
    expect(output).toMatch(/left on purpose: 2 key, \d+ log group, 1 secret, 1 table\n$/);
    expect(code).toBe(0);
    rmSync(app.outdir, { recursive: true, force: true });
  }, 180_000);

  it('is refused with what the emulator does not know, cannot create, or finds where nothing ought to be', async () => {
    const { code, output } = await runEmulator([
      planted('unknown', { thing: { Type: 'AWS::Moon::Base' } }),
      planted('property', { queue: { Type: 'AWS::SQS::Queue', Properties: { Colour: 'red' } } }),
      planted('reference', { queue: { Type: 'AWS::SQS::Queue', Properties: { KmsMasterKeyId: { 'Fn::GetAtt': ['key', 'Arn'] } } } }),
      planted('circle', { one: { Type: 'AWS::SNS::Topic', DependsOn: 'two' }, two: { Type: 'AWS::SNS::Topic', DependsOn: ['one'] } }),
      planted('stray', { queue: { Type: 'AWS::SQS::Queue', DeletionPolicy: 'Retain', Properties: {} } }),
      planted('lost', { table: { ...TABLE, DeletionPolicy: 'Delete' } }, true),
      planted('emptied', { table: { ...TABLE, DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Delete' } }, true),
      planted('held', { table: { ...TABLE, Properties: { ...TABLE.Properties, Replicas: [{ ...TABLE.Properties.Replicas[0], DeletionProtectionEnabled: true }] } } }),
    ]);
    for (const words of [
      'unknown: the emulator knows no AWS::Moon::Base',
      'property: queue (AWS::SQS::Queue) was not created',
      'reference: queue (AWS::SQS::Queue) was not created: key: there is no such resource',
      'circle: these need one another in a circle: one, two',
      'stray: queue (AWS::SQS::Queue) outlives its stack, and nobody said why',
      'lost: table would be deleted with its data',
      'emptied: table would be replaced by an empty one',
      'held: table (AWS::DynamoDB::GlobalTable) was not deleted',
    ]) {
      expect(output).toContain(words);
    }
    expect(code).toBe(1);
  }, 180_000);
});

describe('a machine without the emulator', () => {
  it('is told so in a plain word, and it is no failure', () => {
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    const { status, stdout } = spawnSync(process.execPath, ['--no-warnings', 'infra/emulator/main.ts'], { env: { PATH: empty }, encoding: 'utf8' });
    expect([status, stdout.trim()]).toEqual([0, SKIPPED]);
  }, 120_000);
});
