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
  | 'session'
  | 'operator';

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
  /** Is called without anyone waiting, so that a call which fails at the last has to be put aside. */
  readonly calledAside: boolean;
  /** Asks the venue, and so reads the exchange's keys where it is a real one. */
  readonly asksVenue: boolean;
  /** Tells people through the topic. */
  readonly publishes: boolean;
  /** Reads the journal: the logs of every function. */
  readonly readsLogs: boolean;
  /** Takes dead letters out of their queues and puts them back where they came from. */
  readonly redrives: boolean;
}

const NO_MORE = { publishes: false, readsLogs: false, redrives: false } as const;

const changes = ['dynamodb:PutItem', 'dynamodb:UpdateItem'] as const;
/** Ends actions as well, whose rows go when they are done or void. */
const ends = [...changes, 'dynamodb:DeleteItem'] as const;

/** Reads one part of the account by its keys. */
const byKey = 'dynamodb:BatchGetItem';
/** Reads a range: the book, the steals, the actions that are open. */
const byRange = 'dynamodb:Query';
/** Reads one action or one market. */
const one = 'dynamodb:GetItem';

export const ACCESS: Readonly<Record<FunctionName, Access>> = {
  'plan-intake': {
    table: [byRange, byKey, one, ...ends],
    sends: ['stops', 'actions'],
    consumes: [],
    readsWebhookSecret: false,
    calledAside: true,
    asksVenue: false,
    ...NO_MORE,
  },
  'quote-poll': {
    // What it knows of the venue it reads alone and writes under its revision.
    table: [byRange, one, 'dynamodb:PutItem'],
    sends: ['quotes', 'quote-ticks'],
    consumes: ['quote-ticks'],
    readsWebhookSecret: false,
    calledAside: true,
    asksVenue: true,
    ...NO_MORE,
  },
  'entry-watch': {
    table: [byRange, byKey, ...changes],
    sends: ['stops', 'actions', 'steals'],
    consumes: ['quotes'],
    readsWebhookSecret: false,
    calledAside: false,
    asksVenue: false,
    ...NO_MORE,
  },
  'steal-attempt': {
    table: [byRange, ...changes],
    sends: ['stops', 'actions'],
    consumes: ['steals'],
    readsWebhookSecret: false,
    calledAside: false,
    asksVenue: false,
    ...NO_MORE,
  },
  'order-action': {
    table: [byKey, one, ...ends, 'dynamodb:ConditionCheckItem'],
    sends: ['stops', 'actions', 'lookups', 'watchdogs'],
    consumes: ['stops', 'actions', 'lookups', 'watchdogs'],
    readsWebhookSecret: false,
    calledAside: false,
    asksVenue: true,
    ...NO_MORE,
  },
  'order-webhook': {
    table: [byKey, one, ...ends],
    sends: ['stops', 'actions', 'lookups', 'watchdogs', 'quotes'],
    consumes: [],
    readsWebhookSecret: true,
    calledAside: false,
    asksVenue: false,
    ...NO_MORE,
  },
  reconcile: {
    table: [byRange, byKey, one, ...ends],
    sends: ['stops', 'actions', 'lookups', 'watchdogs', 'reconcile-ticks'],
    consumes: ['reconcile-ticks'],
    readsWebhookSecret: false,
    calledAside: true,
    asksVenue: true,
    ...NO_MORE,
  },
  session: {
    table: [byRange, byKey, one, ...ends],
    sends: ['stops', 'actions', 'steals'],
    consumes: [],
    readsWebhookSecret: false,
    calledAside: true,
    asksVenue: false,
    ...NO_MORE,
    publishes: true,
  },
  operator: {
    table: [byRange, byKey, one, ...ends],
    sends: ['stops', 'actions'],
    consumes: [],
    readsWebhookSecret: false,
    calledAside: false,
    asksVenue: false,
    publishes: false,
    readsLogs: true,
    redrives: true,
  },
};
