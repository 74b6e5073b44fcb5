// Where the pipeline is called from outside: one HTTP API, a route a function, each with a throttle of its own.
import { CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { CfnStage, HttpApi, HttpMethod, HttpNoneAuthorizer, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import type { IHttpRouteAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { FunctionName } from './access.ts';
import { acknowledge } from './constructs/acknowledge.ts';
import type { PipelineFunctions } from './pipeline-functions.ts';

/** What a route lets through: requests a second, and how many at once after a quiet time. */
interface Throttle {
  readonly perSecond: number;
  readonly burst: number;
}

/** How much each endpoint takes; decision 0040 derives the figures. */
export interface EndpointLimits {
  readonly webhookPerSecond: number;
  readonly webhookBurst: number;
  readonly plansPerSecond: number;
  readonly operatorPerSecond: number;
}

export interface EndpointsProps {
  readonly limits: EndpointLimits;
  /** Encrypts the access log. */
  readonly key: IKey;
}

interface Endpoint {
  readonly functionName: FunctionName;
  readonly path: string;
  readonly output: string;
  readonly authorizer: IHttpRouteAuthorizer;
  readonly throttle: Throttle;
}

// A person or a job that has been quiet may send two seconds' worth at once.
const steady = (perSecond: number): Throttle => ({ perSecond, burst: perSecond * 2 });

const WEBHOOK_PATH = '/webhook';
const WEBHOOK_IS_OPEN = 'The venue cannot sign for AWS: each webhook carries an HMAC of its body and time, which order-webhook checks before all else.';

const endpointsOf = (limits: EndpointLimits): readonly Endpoint[] => [
  {
    functionName: 'order-webhook',
    path: WEBHOOK_PATH,
    output: 'WebhookUrl',
    authorizer: new HttpNoneAuthorizer(),
    throttle: { perSecond: limits.webhookPerSecond, burst: limits.webhookBurst },
  },
  { functionName: 'plan-intake', path: '/plans', output: 'PlansUrl', authorizer: new HttpIamAuthorizer(), throttle: steady(limits.plansPerSecond) },
  { functionName: 'operator', path: '/operator', output: 'OperatorUrl', authorizer: new HttpIamAuthorizer(), throttle: steady(limits.operatorPerSecond) },
];

// Who asked for what and how it ended; no header, query or body, since those carry signatures and orders.
const ACCESS_LOG = AccessLogFormat.custom(
  JSON.stringify({
    requestId: '$context.requestId',
    time: '$context.requestTimeEpoch',
    sourceIp: '$context.identity.sourceIp',
    caller: '$context.identity.caller',
    routeKey: '$context.routeKey',
    status: '$context.status',
    error: '$context.error.responseType',
    integrationStatus: '$context.integrationStatus',
    integrationError: '$context.integrationErrorMessage',
    responseLatencyMs: '$context.responseLatency',
    responseBytes: '$context.responseLength',
  }),
);

const routeKey = ({ path }: Endpoint): string => `${HttpMethod.POST} ${path}`;

const throttles = (endpoints: readonly Endpoint[]): object =>
  Object.fromEntries(
    endpoints.map((endpoint) => [
      routeKey(endpoint),
      { ThrottlingRateLimit: endpoint.throttle.perSecond, ThrottlingBurstLimit: endpoint.throttle.burst },
    ]),
  );

const openStage = (scope: Construct, api: HttpApi, endpoints: readonly Endpoint[], { key, limits }: EndpointsProps): HttpStage => {
  const accessLog = new LogGroup(scope, 'access-log', { encryptionKey: key, retention: RetentionDays.ONE_MONTH, removalPolicy: RemovalPolicy.DESTROY });
  const stage = new HttpStage(scope, 'api-stage', {
    httpApi: api,
    stageName: '$default',
    autoDeploy: true,
    // For a route that is added and given none of its own.
    throttle: { rateLimit: limits.plansPerSecond, burstLimit: steady(limits.plansPerSecond).burst },
    accessLogSettings: { destination: new LogGroupLogDestination(accessLog), format: ACCESS_LOG },
  });
  const resource = stage.node.defaultChild;
  if (resource instanceof CfnStage) resource.routeSettings = throttles(endpoints);
  return stage;
};

/** Makes the endpoints: what may call each, and how often. Returns their API. */
export const pipelineEndpoints = (scope: Construct, functions: PipelineFunctions, props: EndpointsProps): HttpApi => {
  const endpoints = endpointsOf(props.limits);
  const api = new HttpApi(scope, 'api', {
    apiName: Stack.of(scope).stackName,
    description: 'Claimjump: webhooks, plans and the operator',
    createDefaultStage: false,
  });
  const stage = openStage(scope, api, endpoints, props);
  for (const { functionName, path, output, authorizer } of endpoints) {
    const integration = new HttpLambdaIntegration(`${functionName}-integration`, functions[functionName].handler);
    const routes = api.addRoutes({ path, methods: [HttpMethod.POST], authorizer, integration });
    if (path === WEBHOOK_PATH) for (const route of routes) acknowledge(route, 'AwsSolutions-APIG4', WEBHOOK_IS_OPEN);
    // A stage refuses settings for a route that is not there yet.
    stage.node.addDependency(...routes);
    new CfnOutput(scope, output, { value: `${api.apiEndpoint}${path}` });
  }
  new CfnOutput(scope, 'ApiUrl', { value: api.apiEndpoint });
  return api;
};
