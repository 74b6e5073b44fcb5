// What AWS says is wrong: with queues, functions, the table and the endpoints.
import { ACCESS } from '../access.ts';
import type { FunctionName, QueueName } from '../access.ts';
import { timeoutOf } from '../pipeline-functions.ts';
import { QUEUE_PARTS } from '../pipeline-queues.ts';
import { onMath, onMetric } from './alarm-spec.ts';
import type { AlarmSpec, MetricSpec, Source, Statistic } from './alarm-spec.ts';
import { keysOf } from './keys-of.ts';

const metric = (source: Source, name: string, statistic: Statistic): MetricSpec => ({ source, metric: name, statistic });

const deadLetters = (queue: QueueName): AlarmSpec =>
  onMetric(
    {
      id: `dead-letters-${queue}`,
      meaning: `A message of the queue ${queue} was given up after five tries. ${QUEUE_PARTS[queue].failureMeans}`,
      look: `Query \`failures\` for ${QUEUE_PARTS[queue].consumer}: why it failed.`,
      remedy: `Mend the cause, then put the messages back with \`claimjump redrive ${queue}\`, which is safe: what was done already is done once.`,
    },
    metric({ kind: 'DEAD_LETTERS', queue }, 'ApproximateNumberOfMessagesVisible', 'Maximum'),
  );

/** How old a message may become in each queue, seconds; one that is sent for later has its delay besides, a look-up under a ban a quarter of an hour. */
const OLDEST: Readonly<Record<QueueName, number>> = {
  stops: 60,
  actions: 120,
  lookups: 1200,
  watchdogs: 300,
  steals: 120,
  quotes: 120,
  'quote-ticks': 180,
  'reconcile-ticks': 180,
};

const oldest = (queue: QueueName): AlarmSpec =>
  onMetric(
    {
      id: `waiting-${queue}`,
      meaning: `A message has been in the queue ${queue} for more than ${OLDEST[queue]} s: ${QUEUE_PARTS[queue].consumer} does not keep up, or fails and tries again.`,
      look: `Alarms \`errors-${QUEUE_PARTS[queue].consumer}\` and \`throttles-${QUEUE_PARTS[queue].consumer}\`; query \`failures\`.`,
      remedy: `Mend what fails; where it is throttled, raise the concurrency. If nobody does, dead letters come next: ${QUEUE_PARTS[queue].failureMeans}`,
    },
    metric({ kind: 'QUEUE', queue }, 'ApproximateAgeOfOldestMessage', 'Maximum'),
    { threshold: OLDEST[queue] },
  );

const UNDELIVERED: AlarmSpec = onMetric(
  {
    id: 'dead-letters-undelivered',
    meaning: 'A call or a notice could not be delivered, or failed at its last try; a schedule comes again, a plan from the event bus does not.',
    look: 'The messages of the queue UNDELIVERED: each says its target and the error; query `failures`.',
    remedy: 'Send a plan that is among them again with `claimjump plan`; delete calls of schedules, since later ones have made up for them.',
  },
  metric({ kind: 'UNDELIVERED' }, 'ApproximateNumberOfMessagesVisible', 'Maximum'),
);

/** What is missing while a function fails. */
const WITHOUT: Readonly<Record<FunctionName, string>> = {
  'plan-intake': 'new plans are not taken',
  'quote-poll': 'prices grow old, and no entry or watched exit is decided',
  'entry-watch': 'prices are not acted on: no entries, no trailing, no watched exits',
  'steal-attempt': 'no watch may take another’s room',
  'order-action': 'orders and stops are neither placed nor cancelled',
  'order-webhook': 'fills are heard of only at the next reconcile',
  reconcile: 'nothing is healed, and equity grows old until entries stop',
  session: 'nothing expires, no position leaves before the close, and no day is reset',
  operator: 'people cannot ask or tell the pipeline anything',
};

// A venue without an answer ends a poll in a failure, and the next comes ten seconds later.
const TOLERATED: Partial<Readonly<Record<FunctionName, number>>> = { 'quote-poll': 5 };

const errors = (name: FunctionName): AlarmSpec =>
  onMetric(
    {
      id: `errors-${name}`,
      meaning: `${name} failed: while it does, ${WITHOUT[name]}.`,
      look: `Query \`failures\` for ${name}: invocation_failed with name and message of the error.`,
      remedy: 'Where the venue or a secret is the cause, restore it; after a deploy, take that back; queues and schedules try again by themselves.',
    },
    metric({ kind: 'FUNCTION', name }, 'Errors', 'Sum'),
    { threshold: TOLERATED[name] ?? 0 },
  );

const throttles = (name: FunctionName): AlarmSpec =>
  onMetric(
    {
      id: `throttles-${name}`,
      meaning: `${name} was refused an execution: it is at its concurrency or the account at its own, and ${WITHOUT[name]}.`,
      look: 'Lambda, concurrent executions of the account and of the function; for order-webhook the access log: a flood is cut off there on purpose.',
      remedy: 'Ask AWS for more concurrency, or take it from what else runs in the account; under a flood leave order-webhook throttled.',
    },
    metric({ kind: 'FUNCTION', name }, 'Throttles', 'Sum'),
  );

const timeouts = (name: FunctionName): AlarmSpec =>
  onMetric(
    {
      id: `timeouts-${name}`,
      meaning: `${name} was ended by its time limit of ${timeoutOf(name).toSeconds()} s in the middle of its work; reconcile finds out what became of it.`,
      look: `Query \`failures\` for ${name}; its log line "Task timed out"; the trace of that request.`,
      remedy: 'Find out what hangs: mostly the venue; look at `claimjump orders` for outcomes that are unknown.',
    },
    metric({ kind: 'FUNCTION', name }, 'Duration', 'Maximum'),
    { fires: 'AT_LEAST', threshold: timeoutOf(name).toMilliseconds() },
  );

const REST: readonly AlarmSpec[] = [
  onMath(
    {
      id: 'table-throttled',
      meaning: 'DynamoDB refused reads or writes: commits are tried again and come late.',
      look: 'Dashboard, table; metric `commit_ms`.',
      remedy: 'Mostly it ends within minutes, as an on-demand table grows; where it lasts, ask fewer symbols or raise the account’s table limits.',
    },
    {
      expression: 'FILL(reads, 0) + FILL(writes, 0)',
      uses: { reads: metric({ kind: 'TABLE' }, 'ReadThrottleEvents', 'Sum'), writes: metric({ kind: 'TABLE' }, 'WriteThrottleEvents', 'Sum') },
      words: 'reads and writes that were throttled',
    },
  ),
  onMetric(
    {
      id: 'api-5xx',
      meaning: 'The endpoints answered with a failure of ours five times or more: the venue sends such webhooks again, people do not.',
      look: 'The access log by route and error; alarms `errors-order-webhook`, `errors-plan-intake` and `errors-operator`.',
      remedy: 'Mend the function that failed; reconcile makes up for webhooks that were lost.',
    },
    metric({ kind: 'API' }, '5xx', 'Sum'),
    { fires: 'AT_LEAST', threshold: 5 },
  ),
  onMetric(
    {
      id: 'api-4xx',
      meaning: 'A hundred requests or more in five minutes were refused: unsigned, malformed, or more than a route lets through.',
      look: 'The access log by route, status and source address: 401 is a wrong signature, 429 the throttle.',
      remedy: 'After a change of the webhook secret give the venue the new one; a flood from elsewhere changes nothing here and is left to the throttle.',
    },
    metric({ kind: 'API' }, '4xx', 'Sum'),
    { fires: 'AT_LEAST', threshold: 100 },
  ),
];

const QUEUE_NAMES = keysOf(QUEUE_PARTS);
const FUNCTION_NAMES = keysOf(ACCESS);

export const PLATFORM_ALARMS: readonly AlarmSpec[] = [
  ...QUEUE_NAMES.map(deadLetters),
  UNDELIVERED,
  ...QUEUE_NAMES.map(oldest),
  ...FUNCTION_NAMES.flatMap((name) => [errors(name), throttles(name), timeouts(name)]),
  ...REST,
];
