// Lets everything that is under way end, one handler at a time in the template's order, while time stands still.
import { MESSAGE_SCHEMA, QUEUES } from '../../shared/messages.ts';
import type { CloudBase } from './cloud-base.ts';
import type { SteppedVenue } from './cloud-options.ts';
import { pollOnce } from './mapping-poller.ts';
import type { Mapping, PollerOptions } from './mapping-poller.ts';

/** Real seconds that a received message stays hidden: what a killed run held comes back that soon. */
const VISIBILITY_SECONDS = 10;
const IN_FLIGHT_WAIT_MILLISECONDS = 100;
const MOST_WAIT_SECONDS = 3 * VISIBILITY_SECONDS;
const MOST_WAITS = (MOST_WAIT_SECONDS * 1000) / IN_FLIGHT_WAIT_MILLISECONDS;
const MOST_RINGS = 3;
const ORDERS = 'order-action';
const ACTION_PREFIX = 'ACTION#';
const RING_AGAIN = { name: 'reconcile', event: { kind: 'RECONCILE', repeatSeconds: [] } } as const;

/** Says that something does not come to rest: messages that stay in flight, or actions that nobody carries out. */
export class UnsettledError extends Error {
  constructor(what: string) {
    super(`not settled: ${what}`);
    this.name = 'UnsettledError';
  }
}

export interface SettleOptions {
  readonly base: CloudBase;
  readonly poller: PollerOptions;
  readonly venue: SteppedVenue | null;
  /** How many messages each queue may hold, by address, as far as was heard. */
  readonly ringing: Map<string, number>;
  /** Tells whether a message about an action waits for a later time: then it is not its turn yet, and time stands still. */
  readonly isForLater: (actionId: string) => boolean;
  /** Waits that many real milliseconds. */
  readonly wait: (milliseconds: number) => Promise<void>;
}

/**
 * Orders are carried out one at a time here: where time stands still everything of a moment waits at once, and a batch of
 * all of it is what no queue in running time would hand over. Other queues are read as the template says.
 */
const oneOrderAtATime = (mapping: Mapping): Mapping =>
  mapping.functionName === ORDERS ? { ...mapping, part: { ...mapping.part, BatchSize: 1 } } : mapping;

const pollMapping = async (given: Mapping, options: SettleOptions): Promise<number> => {
  const mapping = oneOrderAtATime(given);
  const { url } = mapping.queue;
  if ((options.ringing.get(url) ?? 0) <= 0) return 0;
  const signal = new AbortController().signal;
  const receive = { waitSeconds: 0, visibilitySeconds: VISIBILITY_SECONDS, signal };
  const { received, givenBack } = await pollOnce(mapping, options.poller, receive);
  const rest = (options.ringing.get(url) ?? 0) - received + givenBack;
  options.ringing.set(url, received === 0 ? 0 : rest);
  return received;
};

const drainQueues = async (options: SettleOptions): Promise<void> => {
  let worked = 0;
  do {
    worked = 0;
    for (const mapping of options.base.mappings) worked += await pollMapping(mapping, options);
  } while (worked > 0);
};

/** Works what is known to be under way, webhooks included, without asking the engine whether that is all. */
export const drain = async (options: SettleOptions): Promise<void> => {
  await drainQueues(options);
  while ((options.venue?.pendingWebhooks() ?? 0) > 0) {
    await options.venue?.flushWebhooks();
    await drainQueues(options);
  }
};

// Asks the engine itself, so that rest does not depend on what was heard of sends.
const restIn = async ({ base, ringing }: SettleOptions): Promise<'REST' | 'VISIBLE' | 'IN_FLIGHT'> => {
  const counts = await Promise.all(base.mappings.map(async ({ queue }) => ({ queue, ...(await base.queues.count(queue.url)) })));
  const held = counts.filter(({ visible, inFlight, delayed }) => visible + inFlight + delayed > 0);
  // The engine notices that a hidden message has come back only when it is asked for one.
  for (const { queue, visible } of held) ringing.set(queue.url, Math.max(1, visible));
  if (held.some(({ visible }) => visible > 0)) return 'VISIBLE';
  return held.length > 0 ? 'IN_FLIGHT' : 'REST';
};

const emptyQueues = async (options: SettleOptions): Promise<void> => {
  for (let waits = 0; waits < MOST_WAITS; ) {
    await drain(options);
    const rest = await restIn(options);
    if (rest === 'REST') return;
    if (rest === 'VISIBLE') continue;
    waits += 1;
    await options.wait(IN_FLIGHT_WAIT_MILLISECONDS);
  }
  throw new UnsettledError(`messages stay in flight after ${MOST_WAIT_SECONDS} s`);
};

/**
 * Rings for actions that were planned at this very time: a run that was killed before it rang for them goes on while time
 * stands still, and reconcile leaves what is young alone.
 */
const ringYoung = async (planned: readonly string[], { base, ringing }: SettleOptions): Promise<void> => {
  const queue = base.parts.queues.find(({ name }) => name === QUEUES.LOOKUP.name);
  if (queue === undefined) return;
  for (const key of planned) {
    const actionId = key.slice(ACTION_PREFIX.length);
    const ring = { schema: MESSAGE_SCHEMA, kind: 'LOOKUP', account: base.account, correlationId: 'settle', actionId, symbol: 'none', hop: 0, rings: true };
    await base.queues.send(queue.url, JSON.stringify(ring));
  }
  ringing.set(queue.url, (ringing.get(queue.url) ?? 0) + planned.length);
};

/**
 * Runs until queues, webhooks and outbox are empty; actions that nobody was told of are rung again by reconcile, and those
 * whose turn at the venue comes later wait for it.
 * @throws UnsettledError naming what does not end
 */
export const settle = async (options: SettleOptions): Promise<void> => {
  const { base, poller } = options;
  for (let rings = 0; ; rings += 1) {
    await emptyQueues(options);
    const all = await base.table.plannedActions(base.parts.table.name, base.account);
    const planned = all.filter((key) => !options.isForLater(key.slice(ACTION_PREFIX.length)));
    if (planned.length === 0) return;
    if (rings === MOST_RINGS) throw new UnsettledError(`planned actions are left: ${planned.join(', ')}`);
    await poller.invoke(RING_AGAIN.name, RING_AGAIN.event);
    if (rings > 0) await ringYoung(planned, options);
  }
};
