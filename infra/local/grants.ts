// Holds each function to its policies in the template: what it may not do in the cloud, it may not do here.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import type { CloudParts, FunctionPart } from './cloud-parts.ts';

/** Says that a function does what its policies in the template do not allow, in the words of AWS. */
export class AccessDeniedError extends Error {
  readonly $fault = 'client';

  constructor(functionName: string, action: string, resourceArn: string) {
    super(`${functionName} is not authorized to perform: ${action} on resource: ${resourceArn}`);
    this.name = 'AccessDeniedException';
  }
}

export type Check = (action: string, resourceArn: string) => void;

/** Reads what a function may do. The check throws AccessDeniedError for anything else. */
export const checkOf = (parts: CloudParts, part: FunctionPart): Check => {
  const statements = parts.policies
    .filter(({ Roles }) => Roles.includes(part.Role))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
  return (action, resourceArn) => {
    const allowed = statements.some(({ Action, Resource }) => Action.includes(action) && Resource.includes(resourceArn));
    if (!allowed) throw new AccessDeniedError(part.name, action, resourceArn);
  };
};

const transaction = z.object({ TransactItems: z.array(z.record(z.string(), z.unknown())) });

// There is no action for a transaction: each of its parts needs its own.
const PARTS: Readonly<Record<string, string>> = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
};

const tableActions = (commandName: string, input: unknown): readonly string[] => {
  const { data } = transaction.safeParse(input);
  if (data === undefined) return [`dynamodb:${commandName.replace(/Command$/, '')}`];
  const kinds = data.TransactItems.flatMap((item) => Object.keys(item)).map((kind) => `dynamodb:${PARTS[kind] ?? kind}`);
  return [...new Set(kinds)];
};

const commandOf = (context: { readonly commandName?: unknown }): string => z.string().parse(context.commandName);

/** Makes a function's table client refuse what its policies do not allow. */
export const holdTableClient = (client: DynamoDBClient, tableArn: string, check: Check): void => {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      for (const action of tableActions(commandOf(context), args.input)) check(action, tableArn);
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
      check(`sqs:${commandOf(context).replace(/Command$/, '')}`, queue?.arn ?? QueueUrl);
      return next(args);
    },
    { step: 'initialize', priority: 'high', name: 'localQueueGrants' },
  );
};
