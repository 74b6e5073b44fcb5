// The synthesized stack of a stage, without its bundles, and what its parts are called in it.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { PipelineStack } from '../../../infra/pipeline-stack.ts';
import { stageWith } from '../stage-builder.ts';
import type { TemplateAlarm } from './evaluate-alarm.ts';

export const PIPELINE = 'claimjump-test';

const flags = JSON.parse(readFileSync('cdk.json', 'utf8')).context;

const synthesized = (): Template => {
  const outdir = mkdtempSync(join(tmpdir(), 'claimjump-watch-'));
  try {
    const app = new App({ context: { ...flags, 'aws:cdk:bundling-stacks': [] }, outdir });
    return Template.fromStack(new PipelineStack(app, PIPELINE, { stage: stageWith('paper') }));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
};

export const template = synthesized();

const propertiesOf = (type: string): [string, ReturnType<Template['findResources']>[string]][] =>
  Object.entries(template.findResources(type)).map(([id, resource]) => [id, resource['Properties']]);

export const alarms: ReadonlyMap<string, TemplateAlarm> = new Map(
  propertiesOf('AWS::CloudWatch::Alarm').map(([, alarm]) => [String(alarm['AlarmName']).replace(`${PIPELINE}-`, ''), alarm as unknown as TemplateAlarm]),
);

const one = (type: string, begins: string): string => {
  const found = propertiesOf(type).map(([id]) => id).filter((id) => id.startsWith(begins));
  if (found.length !== 1) throw new Error(`${found.length} resources ${type} begin with ${begins}`);
  return found[0] ?? '';
};

const plain = (name: string): string => name.replaceAll('-', '');

export const functionName = (name: string): string => JSON.stringify({ Ref: one('AWS::Lambda::Function', `${plain(name)}function`) });
export const queueName = (name: string): string => JSON.stringify({ 'Fn::GetAtt': [one('AWS::SQS::Queue', `${plain(name)}queue`), 'QueueName'] });
export const deadLettersName = (name: string): string => JSON.stringify({ 'Fn::GetAtt': [one('AWS::SQS::Queue', `${plain(name)}deadletters`), 'QueueName'] });
export const undeliveredName = (): string => JSON.stringify({ 'Fn::GetAtt': [one('AWS::SQS::Queue', 'undelivered'), 'QueueName'] });
export const tableName = (): string => JSON.stringify({ Ref: one('AWS::DynamoDB::GlobalTable', 'table') });
export const apiId = (): string => JSON.stringify({ Ref: one('AWS::ApiGatewayV2::Api', 'api') });
export const resourcesOf = propertiesOf;
