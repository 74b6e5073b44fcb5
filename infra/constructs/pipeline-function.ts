import { RemovalPolicy } from 'aws-cdk-lib';
import type { Duration } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IManagedPolicy } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Architecture, CfnFunction, EventSourceMapping, Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { BundlingOptions } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { VenueName } from '../../shared/venue-names.ts';
import type { FunctionName } from '../access.ts';
import { acknowledge } from './acknowledge.ts';
import { bundleRecipe, projectPath } from './bundle-recipe.ts';
import type { GuardedQueue } from './guarded-queue.ts';

export interface PipelineFunctionProps {
  readonly name: FunctionName;
  readonly timeout: Duration;
  readonly memoryMegabytes: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly keepsData: boolean;
  /** The one venue that its bundle knows. */
  readonly venue: VenueName;
  /** Encrypts its log. */
  readonly key: IKey;
  /** Lets it tell X-Ray what it did: the one policy that functions share. */
  readonly tracing: IManagedPolicy;
  /** Executions that are its own, and at most so many; null for a share of the account's. */
  readonly reservedConcurrency: number | null;
}

export interface QueueTrigger {
  readonly queue: GuardedQueue;
  readonly batchSize: number;
  /** At most this many batches at once, 2 or more; a FIFO queue has one a group besides. */
  readonly maxConcurrency: number;
}

const bundlingFor = (venue: VenueName): BundlingOptions => {
  const { alias, external, define, mainFields, target, banner } = bundleRecipe(venue);
  return {
    esbuildArgs: Object.fromEntries(Object.entries(alias).map(([name, file]) => [`--alias:${name}`, file])),
    define: { ...define },
    format: OutputFormat.ESM,
    target,
    mainFields: [...mainFields],
    minify: true,
    metafile: false,
    sourceMap: false,
    externalModules: [...external],
    bundleAwsSDK: true,
    banner,
    forceDockerBundling: false,
  };
};

/** A Lambda of the pipeline: its own bundle, its own log kept for a month, and a role that may only write that log and its traces. */
export class PipelineFunction extends Construct {
  readonly functionName: FunctionName;
  readonly handler: NodejsFunction;
  readonly log: LogGroup;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: PipelineFunctionProps) {
    super(scope, id);
    this.functionName = props.name;
    this.log = new LogGroup(this, 'log', {
      retention: RetentionDays.ONE_MONTH,
      encryptionKey: props.key,
      removalPolicy: props.keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, 'role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com'), managedPolicies: [props.tracing] });
    this.log.grantWrite(this.role);
    this.handler = new NodejsFunction(this, 'function', {
      entry: projectPath(`functions/${props.name}/handler.ts`),
      handler: 'handler',
      projectRoot: projectPath(''),
      depsLockFilePath: projectPath('package-lock.json'),
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      timeout: props.timeout,
      memorySize: props.memoryMegabytes,
      ...(props.reservedConcurrency === null ? {} : { reservedConcurrentExecutions: props.reservedConcurrency }),
      environment: { ...props.environment },
      awsSdkConnectionReuse: false,
      role: this.role,
      logGroup: this.log,
      bundling: bundlingFor(props.venue),
    });
    // Set beneath the construct, which would give each role a tracing policy of its own.
    this.#resource().tracingConfig = { mode: 'Active' };
  }

  /** Allows these actions on this resource and nothing else, under conditions if any are given. */
  allow(actions: readonly string[], resourceArn: string, conditions: Record<string, object> = {}): void {
    this.role.addToPolicy(new PolicyStatement({ actions: [...actions], resources: [resourceArn], conditions }));
  }

  /** Says that somebody waits for each of its calls: a queue, or a caller over HTTPS. */
  neverPutsAside(): void {
    acknowledge(this.handler, 'Serverless-LambdaDLQ', 'It is never called asynchronously: a queue has dead letters of its own, and a caller over HTTPS is answered.');
  }

  /** Puts aside what nobody waited for and failed at the last. */
  putAside(queue: GuardedQueue): void {
    queue.admit(this.role, 'SENDS');
    this.#resource().deadLetterConfig = { targetArn: queue.queueArn };
  }

  /** Feeds the function from a queue at once, with an answer for each message of a batch. */
  consume({ queue, batchSize, maxConcurrency }: QueueTrigger): void {
    queue.admit(this.role, 'READS');
    const mapping = new EventSourceMapping(this, `from-${queue.node.scope?.node.id ?? queue.node.id}`, {
      target: this.handler,
      eventSourceArn: queue.queueArn,
      batchSize,
      maxConcurrency,
      reportBatchItemFailures: true,
    });
    acknowledge(mapping, 'Serverless-LambdaEventSourceMappingDestination', 'A queue’s mapping takes no destination: what fails five times goes to the queue’s own dead letters.');
  }

  #resource(): CfnFunction {
    const resource = this.handler.node.defaultChild;
    if (!(resource instanceof CfnFunction)) throw new Error(`${this.node.path}: expected a function`);
    return resource;
  }
}
