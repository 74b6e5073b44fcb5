// Who may do what: the only place that grants a function anything. A test holds the synthesized policies against it.
import type { QUEUES } from '../shared/messages.ts';

export type QueueName = (typeof QUEUES)[keyof typeof QUEUES]['name'];

export type FunctionName =
  | 'plan-intake'
  | 'quote-poll'
  | 'entry-watch'
  | 'steal-attempt'
  | 'order-action'
  | 'order-webhook'
  | 'reconcile'
  | 'session';

/** A transaction needs the action of each of its parts; there is no action for the transaction itself. */
export type TableAction =
  | 'dynamodb:Query'
  | 'dynamodb:GetItem'
  | 'dynamodb:BatchGetItem'
  | 'dynamodb:PutItem'
  | 'dynamodb:UpdateItem'
  | 'dynamodb:DeleteItem'
  | 'dynamodb:ConditionCheckItem';

export interface Access {
  readonly table: readonly TableAction[];
  readonly sends: readonly QueueName[];
  readonly consumes: readonly QueueName[];
  readonly readsWebhookSecret: boolean;
  readonly asksVenue: boolean;
}

const reads = ['dynamodb:Query', 'dynamodb:GetItem', 'dynamodb:BatchGetItem'] as const;
const commits = [
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
  'dynamodb:DeleteItem',
  'dynamodb:ConditionCheckItem',
] as const;

const decides: readonly TableAction[] = [...reads, ...commits];

export const ACCESS: Readonly<Record<FunctionName, Access>> = {
  'plan-intake': { table: decides, sends: ['actions'], consumes: [], readsWebhookSecret: false, asksVenue: false },
  'quote-poll': {
    table: ['dynamodb:Query'],
    sends: ['quotes', 'quote-ticks'],
    consumes: ['quote-ticks'],
    readsWebhookSecret: false,
    asksVenue: true,
  },
  'entry-watch': {
    table: decides,
    sends: ['steals', 'actions'],
    consumes: ['quotes'],
    readsWebhookSecret: false,
    asksVenue: false,
  },
  'steal-attempt': {
    table: decides,
    sends: ['actions'],
    consumes: ['steals'],
    readsWebhookSecret: false,
    asksVenue: false,
  },
  'order-action': {
    table: decides,
    sends: ['actions', 'lookups'],
    consumes: ['actions', 'lookups'],
    readsWebhookSecret: false,
    asksVenue: true,
  },
  'order-webhook': {
    table: decides,
    sends: ['actions', 'quotes', 'lookups'],
    consumes: [],
    readsWebhookSecret: true,
    asksVenue: false,
  },
  reconcile: {
    table: decides,
    sends: ['actions', 'lookups', 'reconcile-ticks'],
    consumes: ['reconcile-ticks'],
    readsWebhookSecret: false,
    asksVenue: true,
  },
  session: {
    table: decides,
    sends: ['actions', 'steals'],
    consumes: [],
    readsWebhookSecret: false,
    asksVenue: false,
  },
};
