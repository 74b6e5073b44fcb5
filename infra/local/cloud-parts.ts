// What the template asks for, in the words of the local cloud.
import { join } from 'node:path';
import { z } from 'zod';
import { TemplateError } from './assembly.ts';
import type { Assembly, Resource } from './assembly.ts';
import { resolve } from './intrinsics.ts';
import type { LookUp } from './intrinsics.ts';
import { functionArn, LOCAL_ACCOUNT, LOCAL_REGION, queueArn, tableArn } from './local-names.ts';
import { readRoutes } from './route-parts.ts';
import type { RoutePart } from './route-parts.ts';

const redrive = z.object({ deadLetterTargetArn: z.string(), maxReceiveCount: z.coerce.number().int() });
const queueProperties = z.object({
  FifoQueue: z.boolean().default(false),
  VisibilityTimeout: z.number().int().default(30),
  MessageRetentionPeriod: z.number().int().default(345_600),
  RedrivePolicy: redrive.optional(),
});
const tableProperties = z.object({
  KeySchema: z.array(z.object({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) })).min(1),
  AttributeDefinitions: z.array(z.object({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) })).min(1),
  TimeToLiveSpecification: z.object({ AttributeName: z.string(), Enabled: z.boolean() }).optional(),
});
const oneOrMore = z.union([z.string().transform((one) => [one]), z.array(z.string())]);
const conditions = z.record(z.string(), z.record(z.string(), oneOrMore)).default({});
const policyProperties = z.object({
  PolicyDocument: z.object({
    Statement: z.array(z.object({ Effect: z.literal('Allow'), Action: oneOrMore, Resource: oneOrMore, Condition: conditions })),
  }),
  Roles: z.array(z.string()),
});
const functionProperties = z.object({
  Role: z.string(),
  Handler: z.string(),
  Timeout: z.number().int().default(3),
  MemorySize: z.number().int().default(128),
  ReservedConcurrentExecutions: z.number().int().min(0).optional(),
  Environment: z.object({ Variables: z.record(z.string(), z.string()) }).default({ Variables: {} }),
});
const mappingProperties = z.object({
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  BatchSize: z.number().int().default(10),
  FunctionResponseTypes: z.array(z.string()).default([]),
  ScalingConfig: z.object({ MaximumConcurrency: z.number().int() }).optional(),
});
const scheduleProperties = z.object({
  ScheduleExpression: z.string(),
  ScheduleExpressionTimezone: z.string().default('UTC'),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  Target: z.object({
    Arn: z.string(),
    Input: z.string().default('{}'),
    RetryPolicy: z.object({ MaximumRetryAttempts: z.number().int() }).default({ MaximumRetryAttempts: 185 }),
  }),
});

interface Named {
  readonly name: string;
  readonly arn: string;
}
export type TablePart = Named & z.infer<typeof tableProperties>;
export type QueuePart = Named & z.infer<typeof queueProperties> & { readonly url: string };
export type FunctionPart = Named & z.infer<typeof functionProperties> & { readonly file: string };
export type MappingPart = z.infer<typeof mappingProperties>;
export type SchedulePart = z.infer<typeof scheduleProperties> & { readonly name: string };
export type PolicyPart = z.infer<typeof policyProperties>;

export interface CloudParts {
  readonly table: TablePart;
  readonly queues: readonly QueuePart[];
  readonly functions: readonly FunctionPart[];
  readonly mappings: readonly MappingPart[];
  readonly schedules: readonly SchedulePart[];
  readonly routes: readonly RoutePart[];
  readonly policies: readonly PolicyPart[];
}

const TABLES = ['AWS::DynamoDB::GlobalTable', 'AWS::DynamoDB::Table'];
const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::Region': LOCAL_REGION,
  'AWS::AccountId': LOCAL_ACCOUNT,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
};

const queueName = (resource: Resource): string => {
  const parts = resource.path.filter((part, index) => index === 0 || part !== 'queue');
  return `${parts.join('-')}${resource.properties['FifoQueue'] === true ? '.fifo' : ''}`;
};
const functionName = (resource: Resource): string => resource.path[0] ?? resource.logicalId;
const queueUrl = (endpoint: string, name: string): string => `${endpoint}/${LOCAL_ACCOUNT}/${name}`;

// What a name or an attribute of each kind of resource stands for on one machine.
const identity = (assembly: Assembly, queueEndpoint: string) => {
  const tableName = `${assembly.stackName}-table`;
  return (resource: Resource): Readonly<Record<string, string>> => {
    if (TABLES.includes(resource.type)) return { Ref: tableName, Arn: tableArn(tableName) };
    if (resource.type === 'AWS::SQS::Queue') {
      const name = queueName(resource);
      return { Ref: queueUrl(queueEndpoint, name), Arn: queueArn(name), QueueName: name };
    }
    if (resource.type === 'AWS::Lambda::Function') {
      const name = functionName(resource);
      return { Ref: functionArn(name), Arn: functionArn(name) };
    }
    // Roles and the like are named by others, and nothing on one machine asks them.
    return { Ref: resource.logicalId, Arn: resource.logicalId };
  };
};

const lookUpIn = (assembly: Assembly, identify: (resource: Resource) => Readonly<Record<string, string>>): LookUp => {
  const byId = new Map(assembly.resources.map((resource) => [resource.logicalId, resource]));
  return (logicalId, attribute) => {
    const pseudo = PSEUDO[logicalId];
    if (pseudo !== undefined) return pseudo;
    const resource = byId.get(logicalId);
    const found = resource === undefined ? undefined : identify(resource)[attribute ?? 'Ref'];
    if (found === undefined) throw new TemplateError(`${logicalId}.${attribute ?? 'Ref'}`, 'a resource that runs locally');
    return found;
  };
};

const codeFile = (assembly: Assembly, resource: Resource, handler: string): string => {
  const asset = resource.metadata['aws:asset:path'];
  if (typeof asset !== 'string') throw new TemplateError(resource.logicalId, 'a bundled asset');
  return join(assembly.directory, asset, `${handler.slice(0, handler.lastIndexOf('.'))}.mjs`);
};

/**
 * Reads the parts that run on one machine, each list in the template's order. Queue addresses begin with the endpoint.
 * @throws TemplateError for what the template asks and the local cloud cannot do
 */
export const readParts = (assembly: Assembly, queueEndpoint: string): CloudParts => {
  const identify = identity(assembly, queueEndpoint);
  const lookUp = lookUpIn(assembly, identify);
  const read = <Output>(types: readonly string[], schema: z.ZodType<Output>): (readonly [Resource, Output])[] =>
    assembly.resources
      .filter(({ type }) => types.includes(type))
      .map((resource) => {
        const parsed = schema.safeParse(resolve(resource.properties, lookUp));
        if (parsed.success) return [resource, parsed.data];
        throw new TemplateError(resource.logicalId, z.prettifyError(parsed.error), { cause: parsed.error });
      });
  const named = (resource: Resource, name: string): Named => ({ name, arn: identify(resource)['Arn'] ?? '' });
  const [table] = read(TABLES, tableProperties).map(([resource, properties]) => ({
    ...properties,
    ...named(resource, identify(resource)['Ref'] ?? ''),
  }));
  if (table === undefined) throw new TemplateError(assembly.stackName, 'one table');
  return {
    table,
    queues: read(['AWS::SQS::Queue'], queueProperties).map(([resource, properties]) => {
      const name = queueName(resource);
      return { ...properties, ...named(resource, name), url: queueUrl(queueEndpoint, name) };
    }),
    functions: read(['AWS::Lambda::Function'], functionProperties).map(([resource, properties]) => ({
      ...properties,
      ...named(resource, functionName(resource)),
      file: codeFile(assembly, resource, properties.Handler),
    })),
    mappings: read(['AWS::Lambda::EventSourceMapping'], mappingProperties).map(([, properties]) => properties),
    schedules: read(['AWS::Scheduler::Schedule'], scheduleProperties)
      .filter(([, { State }]) => State === 'ENABLED')
      .map(([resource, properties]) => ({ ...properties, name: resource.path.at(-1) ?? resource.logicalId })),
    routes: readRoutes((type, schema) => read([type], schema).map(([{ logicalId }, part]) => [logicalId, part])),
    policies: read(['AWS::IAM::Policy'], policyProperties).map(([, properties]) => properties),
  };
};
