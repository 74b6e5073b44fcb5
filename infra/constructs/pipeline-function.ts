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
import type { VenueName } from '../../shared/venue-names.ts';
import type { FunctionName } from '../access.ts';
import { bundleRecipe, projectPath } from './bundle-recipe.ts';

export interface PipelineFunctionProps {
  readonly name: FunctionName;
  readonly timeout: Duration;
  readonly memoryMegabytes: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly keepsData: boolean;
  /** The one venue that its bundle knows. */
  readonly venue: VenueName;
}

export interface QueueTrigger {
  readonly queue: IQueue;
  readonly batchSize: number;
  /** At most this many batches at once, 2 or more; a FIFO queue has one a group besides. */
  readonly maxConcurrency: number;
}

const bundlingFor = (venue: VenueName): BundlingOptions => {
  const { alias, define, mainFields, target, banner } = bundleRecipe(venue);
  return {
    esbuildArgs: Object.fromEntries(Object.entries(alias).map(([name, file]) => [`--alias:${name}`, file])),
    define: { ...define },
    format: OutputFormat.ESM,
    target,
    mainFields: [...mainFields],
    minify: true,
    metafile: false,
    sourceMap: false,
    externalModules: [],
    bundleAwsSDK: true,
    banner,
    forceDockerBundling: false,
  };
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
      entry: projectPath(`functions/${props.name}/handler.ts`),
      handler: 'handler',
      projectRoot: projectPath(''),
      depsLockFilePath: projectPath('package-lock.json'),
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      timeout: props.timeout,
      memorySize: props.memoryMegabytes,
      environment: props.environment,
      awsSdkConnectionReuse: false,
      role,
      logGroup,
      bundling: bundlingFor(props.venue),
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

