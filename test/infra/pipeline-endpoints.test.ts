import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { z } from 'zod';
import { PipelineStack } from '../../infra/pipeline-stack.ts';
import { readStage } from '../../infra/read-stage.ts';

const outdir = mkdtempSync(join(tmpdir(), 'claimjump-endpoints-'));
afterAll(() => {
  rmSync(outdir, { recursive: true, force: true });
});
const { context } = JSON.parse(readFileSync('cdk.json', 'utf8'));
const app = new App({ context: { ...context, 'aws:cdk:bundling-stacks': [] }, outdir });
const template = Template.fromStack(new PipelineStack(app, 'claimjump-test', { stage: readStage(() => undefined) }));

type Properties = ReturnType<Template['findResources']>[string];
const properties = (type: string): Properties[] => Object.values(template.findResources(type)).map((resource) => resource['Properties']);

describe('the endpoints', () => {
  const routes = properties('AWS::ApiGatewayV2::Route');

  it('are three: the webhook, which is signed by the venue, and two that take signed AWS requests only', () => {
    expect(Object.fromEntries(routes.map(({ RouteKey, AuthorizationType }) => [RouteKey, AuthorizationType]))).toEqual({
      'POST /webhook': 'NONE',
      'POST /plans': 'AWS_IAM',
      'POST /operator': 'AWS_IAM',
    });
  });

  it('are all there is: no function has an address of its own', () => {
    expect(template.findResources('AWS::Lambda::Url')).toEqual({});
  });

  it('each have a throttle', () => {
    const [stage] = properties('AWS::ApiGatewayV2::Stage');
    expect(Object.keys(stage?.['RouteSettings']).sort()).toEqual(routes.map(({ RouteKey }) => RouteKey).sort());
    for (const settings of Object.values<Properties>(stage?.['RouteSettings'])) {
      expect(settings['ThrottlingRateLimit']).toBeGreaterThan(0);
      expect(settings['ThrottlingBurstLimit']).toBeGreaterThan(0);
    }
  });

  it('exist before the stage, which refuses settings for a route that does not', () => {
    const [stage] = Object.values(template.findResources('AWS::ApiGatewayV2::Stage'));
    expect(stage?.['DependsOn']).toEqual(expect.arrayContaining(Object.keys(template.findResources('AWS::ApiGatewayV2::Route'))));
  });

  it('hand over payload 2.0, each to its function, which the route alone may call', () => {
    const integrations = properties('AWS::ApiGatewayV2::Integration');
    expect(integrations.map(({ PayloadFormatVersion }) => PayloadFormatVersion)).toEqual(['2.0', '2.0', '2.0']);
    const permissions = properties('AWS::Lambda::Permission').filter(({ Principal }) => Principal === 'apigateway.amazonaws.com');
    expect(permissions).toHaveLength(3);
    const paths = permissions.map(({ SourceArn }) => SourceArn['Fn::Join'][1].at(-1));
    expect(paths.sort()).toEqual(['/*/*/operator', '/*/*/plans', '/*/*/webhook']);
  });

  it('log who asked for what, and nothing that was sent', () => {
    const [stage] = properties('AWS::ApiGatewayV2::Stage');
    const format: unknown = JSON.parse(stage?.['AccessLogSettings'].Format);
    const variables = Object.values(z.record(z.string(), z.string()).parse(format));
    expect(variables).toEqual(expect.arrayContaining(['$context.requestId', '$context.routeKey', '$context.status']));
    for (const variable of variables) expect(variable).toMatch(/^\$context\.(?!path|authorizer|integration\.)/);
  });

  it('are told to whoever deploys', () => {
    expect(Object.keys(template.findOutputs('*'))).toEqual(expect.arrayContaining(['ApiUrl', 'WebhookUrl', 'PlansUrl', 'OperatorUrl']));
  });
});
