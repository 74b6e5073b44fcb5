import { rmSync } from 'node:fs';
import { afterAll, describe, expect, it } from '@jest/globals';
import { Validations } from 'aws-cdk-lib';
import type { App } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { roleStage } from './role-stage.ts';
import { stageWith } from './stage-builder.ts';
import { stackOf } from './template-of.ts';

/** A rule and the resource that breaks it. */
type Finding = `${string} at ${string}`;

// The pack asks this of itself for each finding: answered with no, it tells those that were acknowledged, too.
const deaf = <Pack extends object>(pack: Pack): Pack => Object.defineProperty(pack, 'isAcknowledged', { value: () => false });

const findingsOf = (app: App, hears: boolean): readonly Finding[] =>
  [new AwsSolutionsChecks(app), new ServerlessChecks(app)]
    .flatMap((pack) => (hears ? pack : deaf(pack)).validateScope(app).violations)
    .flatMap(({ ruleName, violatingResources }) => violatingResources.map(({ constructPath }): Finding => `${ruleName} at ${constructPath}`))
    .sort();

interface Acknowledgement {
  readonly finding: Finding;
  readonly reason: string;
}

const acknowledgementsOf = (app: App): readonly Acknowledgement[] =>
  app.node
    .findAll()
    .flatMap((construct) =>
    construct.node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.entries(data))
      .map(([id, reason]): Acknowledgement => ({ finding: `${id.replace(/^annotation::/i, '')} at ${construct.node.path}`, reason: String(reason) })),
  )
    // aws-cdk-lib answers some of its own checks in its own constructs.
    .filter(({ finding }) => /^(AwsSolutions|Serverless)-/.test(finding));

const stages = [
  ['paper', stackOf(stageWith('paper'))],
  ['sandbox', stackOf(stageWith('sandbox', { alarmEmail: 'desk@example.com' }))],
  ['live, with a fixed address', stackOf(roleStage())],
] as const;

afterAll(() => {
  for (const [, { app }] of stages) rmSync(app.outdir, { recursive: true, force: true });
});

describe.each(stages)('cdk-nag, AwsSolutions and Serverless, on the stage %s', (_name, { app }) => {
  const acknowledged = acknowledgementsOf(app);
  const rules = new Set(acknowledged.map(({ finding }) => finding.split(/[[ ]/)[0]));

  it('finds nothing, warnings included', () => {
    expect(findingsOf(app, true)).toEqual([]);
  });

  it('finds, heard by nobody, what is acknowledged and nothing else: each reason is still needed, on the very resource', () => {
    expect(findingsOf(app, false)).toEqual(acknowledged.map(({ finding }) => finding).sort());
  });

  it('is answered with a sentence each time, for six rules at most', () => {
    for (const { reason } of acknowledged) expect(reason).toMatch(/^[A-Z].{30,}\.$/);
    expect([...rules].sort()).toEqual([
      'AwsSolutions-APIG4',
      'AwsSolutions-IAM5',
      'AwsSolutions-SMG4',
      'Serverless-LambdaDLQ',
      'Serverless-LambdaEventSourceMappingDestination',
      'Serverless-SQSRedrivePolicy',
    ]);
  });
});
