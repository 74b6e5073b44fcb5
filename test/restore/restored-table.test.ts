// A stage that runs on a table which a backup was restored into (docs/restore.md).
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { PipelineStack } from '../../infra/pipeline-stack.ts';
import { stageWith } from '../infra/stage-builder.ts';

const flags = JSON.parse(readFileSync('cdk.json', 'utf8')).context;
const outdir = mkdtempSync(join(tmpdir(), 'claimjump-template-'));
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

const RESTORED = 'claimjump-restored';
const templateOf = (restoredTable: string | null): Template => {
  const app = new App({ context: { ...flags, 'aws:cdk:bundling-stacks': [] }, outdir: mkdtempSync(join(outdir, 'app-')) });
  return Template.fromStack(new PipelineStack(app, 'claimjump-test', { stage: stageWith('paper', { restoredTable, writesNewest: true }) }));
};
const environments = (template: Template) =>
  Object.values(template.findResources('AWS::Lambda::Function'))
    .map(({ Properties }) => Properties.Environment?.Variables)
    .filter((variables) => variables?.TABLE_NAME !== undefined);

describe('EX-11 a stage on a restored table', () => {
  const restored = templateOf(RESTORED);

  it('has every function on it, know that it was restored, and write what keeps the floor', () => {
    const all = environments(restored);
    expect(all.length).toBeGreaterThan(5);
    for (const variables of all) expect(variables).toMatchObject({ TABLE_NAME: RESTORED, RESTORED_TABLE: RESTORED, WRITE_SCHEMAS: 'NEWEST' });
  });

  it('lets every role at that table and no other, and keeps its own', () => {
    const statements = Object.values(restored.findResources('AWS::IAM::Policy')).flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
    const onTables = statements.filter(({ Action }) => [Action].flat().some((action: string) => action.startsWith('dynamodb:')));
    expect(onTables.length).toBeGreaterThan(5);
    for (const { Resource } of onTables) expect(JSON.stringify(Resource)).toContain(`table/${RESTORED}`);
    restored.resourceCountIs('AWS::DynamoDB::GlobalTable', 1);
  });

  it('and a stage on its own table knows of no restore', () => {
    for (const variables of environments(templateOf(null))) expect(variables).not.toHaveProperty('RESTORED_TABLE');
  });
});
