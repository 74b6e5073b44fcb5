import { fileURLToPath } from 'node:url';
import { RemovalPolicy } from 'aws-cdk-lib';
import type { Duration } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { BundlingOptions } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { FunctionName } from '../access.ts';

export interface PipelineFunctionProps {
  readonly name: FunctionName;
  readonly timeout: Duration;
  readonly memoryMegabytes: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly keepsData: boolean;
}

export interface QueueTrigger {
  readonly queue: IQueue;
  readonly batchSize: number;
  /** At most this many batches at once, 2 or more; a FIFO queue has one a group besides. */
  readonly maxConcurrency: number;
}

// CommonJS inside an ESM bundle calls require for node's own modules.
const REQUIRE_BANNER = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

const pathOf = (relative: string): string => fileURLToPath(new URL(`../../${relative}`, import.meta.url));

const bundling: BundlingOptions = {
  // A function's credentials come from its environment; the SDK's chain of providers would be a fifth of the bundle.
  esbuildArgs: { '--alias:@aws-sdk/credential-provider-node': pathOf('shared/adapters/system/lambda-credentials.ts') },
  format: OutputFormat.ESM,
  target: 'node24',
  mainFields: ['module', 'main'],
  minify: true,
  metafile: false,
  sourceMap: false,
  externalModules: [],
  bundleAwsSDK: true,
  banner: REQUIRE_BANNER,
  forceDockerBundling: false,
};

/** A Lambda of the pipeline: its own bundle, its own log kept for a month, and a role that may only write that log. */
export class PipelineFunction extends Construct {
  readonly handler: NodejsFunction;

  constructor(scope: Construct, id: string, props: PipelineFunctionProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'log', {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: props.keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    const role = new Role(this, 'role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);
    this.handler = new NodejsFunction(this, 'function', {
      entry: pathOf(`functions/${props.name}/handler.ts`),
      handler: 'handler',
      projectRoot: pathOf(''),
      depsLockFilePath: pathOf('package-lock.json'),
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      timeout: props.timeout,
      memorySize: props.memoryMegabytes,
      environment: props.environment,
      awsSdkConnectionReuse: false,
      role,
      logGroup,
      bundling,
    });
  }

  /** Allows these actions on this resource and nothing else. */
  allow(actions: readonly string[], resourceArn: string): void {
    this.handler.addToRolePolicy(new PolicyStatement({ actions: [...actions], resources: [resourceArn] }));
  }

  /** Feeds the function from a queue at once, with an answer for each message of a batch. */
  consume(trigger: QueueTrigger): void {
    this.handler.addEventSource(
      new SqsEventSource(trigger.queue, {
        batchSize: trigger.batchSize,
        maxConcurrency: trigger.maxConcurrency,
        reportBatchItemFailures: true,
      }),
    );
  }
}

