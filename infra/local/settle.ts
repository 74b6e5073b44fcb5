// Lets everything that is under way end, one handler at a time in the template's order, while time stands still.
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
  /** Addresses of the queues that may hold something. */
  readonly ringing: Set<string>;
  /** Addresses of the queues that were used since they were last seen empty. */
  readonly unsure: Set<string>;
  /** Waits that many real milliseconds. */
  readonly wait: (milliseconds: number) => Promise<void>;
}

const pollMapping = async (mapping: Mapping, options: SettleOptions): Promise<number> => {
  const { url } = mapping.queue;
  if (!options.ringing.has(url)) return 0;
  options.ringing.delete(url);
  options.unsure.add(url);
  const signal = new AbortController().signal;
  const receive = { waitSeconds: 0, visibilitySeconds: VISIBILITY_SECONDS, signal };
  const worked = await pollOnce(mapping, options.poller, receive);
  // A batch is a part of what is there.
  if (worked > 0) options.ringing.add(url);
  return worked;
};

const drainQueues = async (options: SettleOptions): Promise<void> => {
  let worked = 0;
  do {
    worked = 0;
    for (const mapping of options.base.mappings) worked += await pollMapping(mapping, options);
  } while (worked > 0);
};

const drain = async (options: SettleOptions): Promise<void> => {
  await drainQueues(options);
  while ((options.venue?.pendingWebhooks() ?? 0) > 0) {
    await options.venue?.flushWebhooks();
    await drainQueues(options);
  }
};

// Asks the engine itself; a thorough look asks of every queue, so that rest does not depend on what was heard of sends.
const restIn = async (options: SettleOptions, thorough: boolean): Promise<'REST' | 'VISIBLE' | 'IN_FLIGHT'> => {
  let found: 'REST' | 'VISIBLE' | 'IN_FLIGHT' = 'REST';
  for (const { queue } of options.base.mappings.filter((mapping) => thorough || options.unsure.has(mapping.queue.url))) {
    const { visible, inFlight, delayed } = await options.base.queues.count(queue.url);
    options.unsure.delete(queue.url);
    if (visible + inFlight + delayed === 0) continue;
    options.unsure.add(queue.url);
    // The engine notices that a hidden message has come back only when it is asked for one.
    options.ringing.add(queue.url);
    if (found !== 'VISIBLE') found = visible > 0 ? 'VISIBLE' : 'IN_FLIGHT';
  }
  return found;
};

const emptyQueues = async (options: SettleOptions, thorough: boolean): Promise<void> => {
  for (let waits = 0; waits < MOST_WAITS; ) {
    await drain(options);
    const rest = await restIn(options, thorough);
    if (rest === 'REST') return;
    if (rest === 'VISIBLE') continue;
    waits += 1;
    await options.wait(IN_FLIGHT_WAIT_MILLISECONDS);
  }
  throw new UnsettledError(`messages stay in flight after ${MOST_WAIT_SECONDS} s`);
};

/**
 * Runs until queues, webhooks and outbox are empty; actions that nobody was told of are rung again by reconcile.
 * @throws UnsettledError naming what does not end
 */
export const settle = async (options: SettleOptions, thorough: boolean): Promise<void> => {
  const { base, poller } = options;
  for (let rings = 0; ; rings += 1) {
    await emptyQueues(options, thorough);
    const planned = await base.table.plannedActions(base.parts.table.name, base.account);
    if (planned.length === 0) return;
    if (rings === MOST_RINGS) throw new UnsettledError(`planned actions are left: ${planned.join(', ')}`);
    await poller.invoke(RING_AGAIN.name, RING_AGAIN.event);
  }
};
