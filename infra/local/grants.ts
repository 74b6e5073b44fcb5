// Holds each function to its policies in the template: what it may not do in the cloud, it may not do here.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { PARTITION_KEY } from '../../shared/table-names.ts';
import { TemplateError } from './assembly.ts';
import type { CloudParts, FunctionPart, PolicyPart } from './cloud-parts.ts';
import { tableUses } from './leading-keys.ts';

/** Says that a function does what its policies in the template do not allow, in the words of AWS. */
export class AccessDeniedError extends Error {
  readonly $fault = 'client';

  constructor(functionName: string, action: string, resourceArn: string) {
    super(`${functionName} is not authorized to perform: ${action} on resource: ${resourceArn}`);
    this.name = 'AccessDeniedException';
  }
}

/** Throws AccessDeniedError for an action, on a resource and at its partitions, that no statement allows. */
export type Check = (action: string, resourceArn: string, partitions?: readonly string[]) => void;

type Statement = PolicyPart['PolicyDocument']['Statement'][number];

interface Grant {
  readonly resources: ReadonlySet<string>;
  /** The only partitions it is good for; null for a statement without that condition. */
  readonly partitions: ReadonlySet<string> | null;
}

const LEADING_KEYS = ['ForAllValues:StringEquals', 'dynamodb:LeadingKeys'] as const;

const partitionsOf = ({ Condition, Action }: Statement): ReadonlySet<string> | null => {
  const [operator, key] = LEADING_KEYS;
  const conditions = Object.entries(Condition).flatMap(([operation, keys]) => Object.keys(keys).map((name) => `${operation} ${name}`));
  // A condition that is not understood would let a function do more here than in the cloud.
  const strange = conditions.find((condition) => condition !== `${operator} ${key}`);
  if (strange !== undefined) throw new TemplateError(Action.join(', '), `a condition that can be tried on one machine, and not ${strange}`);
  const values = Condition[operator]?.[key];
  return values === undefined ? null : new Set(values);
};

// Of the rest there is nothing on one machine to be asked: nothing is encrypted, and logs are files.
const isTried = ({ Action }: Statement): boolean => Action.some((action) => /^(dynamodb|sqs):/.test(action));

const grantsOf = (statements: readonly Statement[]): ReadonlyMap<string, readonly Grant[]> => {
  const grants = new Map<string, Grant[]>();
  for (const statement of statements) {
    const grant = { resources: new Set(statement.Resource), partitions: partitionsOf(statement) };
    for (const action of statement.Action) grants.set(action, [...(grants.get(action) ?? []), grant]);
  }
  return grants;
};

const NONE: readonly string[] = [];

/**
 * Reads what a function may do. The check throws AccessDeniedError for anything else.
 * @throws TemplateError for a condition that the local cloud cannot try
 */
export const checkOf = (parts: CloudParts, part: FunctionPart): Check => {
  const statements = parts.policies.filter(({ Roles }) => Roles.includes(part.Role)).flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
  const grants = grantsOf(statements.filter(isTried));
  return (action, resourceArn, partitions = NONE) => {
    const allowed = grants.get(action)?.some(
      (grant) => grant.resources.has(resourceArn) && (grant.partitions === null || partitions.every((partition) => grant.partitions?.has(partition))),
    );
    if (allowed !== true) throw new AccessDeniedError(part.name, action, resourceArn);
  };
};

const commandOf = (context: { readonly commandName?: unknown }): string => z.string().parse(context.commandName).replace(/Command$/, '');

/** Makes a function's table client refuse what its policies do not allow. */
export const holdTableClient = (client: DynamoDBClient, tableArn: string, check: Check): void => {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      for (const { action, partitions } of tableUses(commandOf(context), args.input, PARTITION_KEY)) {
        check(`dynamodb:${action}`, tableArn, partitions);
      }
      return next(args);
    },
    { step: 'initialize', priority: 'high', name: 'localTableGrants' },
  );
};

const queueInput = z.object({ QueueUrl: z.string() });

/** Makes a function's queue client refuse what its policies do not allow. */
export const holdQueueClient = (client: SQSClient, parts: CloudParts, check: Check): void => {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const { QueueUrl } = queueInput.parse(args.input);
      const queue = parts.queues.find(({ url }) => url === QueueUrl);
      // A batch needs the action of each of its parts.
      check(`sqs:${commandOf(context).replace(/Batch$/, '')}`, queue?.arn ?? QueueUrl);
      return next(args);
    },
    { step: 'initialize', priority: 'high', name: 'localQueueGrants' },
  );
};
