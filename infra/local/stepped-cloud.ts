// The cloud in stepped time: nothing happens by itself, and time moves only when nothing is left to happen.
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Millis } from '../../shared/domain/instant.ts';
import { startBase } from './cloud-base.ts';
import type { CloudBase } from './cloud-base.ts';
import { openFace } from './cloud-face.ts';
import type { LocalCloud } from './cloud-face.ts';
import type { SteppedOptions } from './cloud-options.ts';
import { openDelayedMessages } from './delayed-messages.ts';
import type { DelayedMessages } from './delayed-messages.ts';
import { steppedClock } from './local-clock.ts';
import type { SteppedClock } from './local-clock.ts';
import { localSchedules, runSchedule, runsWithin } from './local-schedules.ts';
import type { LocalSchedule } from './local-schedules.ts';
import type { SendListener } from './send-tap.ts';
import { drain, settle, UnsettledError } from './settle.ts';
import type { SettleOptions } from './settle.ts';

export interface SteppedCloud extends LocalCloud {
  /** Works until queues, webhooks and outbox are empty. @throws UnsettledError naming what does not end */
  settle(): Promise<void>;
  /** Moves time forward and lets go of the messages due by then. @throws UnsettledError unless all is at rest */
  advanceTo(time: Millis): Promise<void>;
  /** Lets go of each delayed message at its own time up to one, settling at each, and moves time there. @throws UnsettledError */
  runDelayed(until: Millis): Promise<void>;
  /** Runs each schedule once that was due since the last run, without its repeats, each worked off before the next; then settles. */
  runSchedulesOnce(): Promise<void>;
  /** Goes from one due schedule or message to the next up to a time, settling at each; `onTime` hears of each first. */
  runTrueRate(until: Millis, onTime?: (time: Millis) => Promise<void>): Promise<void>;
}

interface State {
  readonly clock: SteppedClock;
  readonly delayed: DelayedMessages;
  readonly ringing: Map<string, number>;
  /** Counts everything that may have left work behind. */
  activity: number;
  settledActivity: number | null;
  schedulesRanAt: Millis;
}

const FIFO = '.fifo';

const ring = ({ ringing }: State, queueUrl: string): void => {
  ringing.set(queueUrl, (ringing.get(queueUrl) ?? 0) + 1);
};

const listenerOf = (state: State): SendListener => ({
  takes: ({ queueUrl, body, delaySeconds }) => {
    state.activity += 1;
    // A FIFO queue refuses a message with a delay of its own: the engine says so.
    if (delaySeconds === 0 || queueUrl.endsWith(FIFO)) return false;
    const queueName = queueUrl.slice(queueUrl.lastIndexOf('/') + 1);
    state.delayed.put({ queueName, body, dueAt: state.clock.now() + delaySeconds * 1000 });
    return true;
  },
  sent: (queueUrl) => {
    ring(state, queueUrl);
  },
});

class Stepper {
  readonly #state: State;
  readonly #settling: SettleOptions;
  readonly #schedules: readonly LocalSchedule[];

  constructor(state: State, settling: SettleOptions) {
    this.#state = state;
    this.#settling = settling;
    this.#schedules = localSchedules(settling.base.parts);
  }

  async settle(): Promise<void> {
    if (this.#state.settledActivity === this.#state.activity && this.#pendingWebhooks() === 0) return;
    await settle(this.#settling);
    this.#state.settledActivity = this.#state.activity;
  }

  async advanceTo(time: Millis): Promise<void> {
    const state = this.#state;
    if (state.settledActivity !== state.activity) throw new UnsettledError('something was sent or called since');
    const pending = this.#pendingWebhooks();
    if (pending > 0) throw new UnsettledError(`${pending} webhooks are not delivered`);
    state.clock.moveTo(time);
    for (const message of state.delayed.dueBy(time)) {
      const queue = this.#settling.base.parts.queues.find(({ name }) => name === message.queueName);
      if (queue === undefined) throw new UnsettledError(`a message waits for ${message.queueName}, which is gone`);
      await this.#settling.base.queues.send(queue.url, message.body);
      state.delayed.sent(message.id);
      ring(state, queue.url);
      state.activity += 1;
    }
  }

  async runDelayed(until: Millis): Promise<void> {
    const nextDue = (): Millis => this.#state.delayed.nextDue() ?? Infinity;
    for (let next = nextDue(); next < until; next = nextDue()) {
      await this.advanceTo(Math.max(next, this.#state.clock.now()));
      await this.settle();
    }
    await this.advanceTo(until);
  }

  async runSchedulesOnce(): Promise<void> {
    await this.#runDue((schedule) => schedule.inputOnce);
  }

  async runTrueRate(until: Millis, onTime: (time: Millis) => Promise<void> = async () => undefined): Promise<void> {
    await this.settle();
    for (let next = this.#nextDue(); next <= until; next = this.#nextDue()) {
      await this.advanceTo(next);
      await onTime(next);
      await this.settle();
      await this.#runDue((schedule) => schedule.input);
    }
    await this.advanceTo(until);
  }

  async #runDue(inputOf: (schedule: LocalSchedule) => unknown): Promise<void> {
    const after = this.#state.schedulesRanAt;
    const until = this.#state.clock.now();
    for (const schedule of this.#schedules.filter((each) => runsWithin(each, after, until))) {
      await runSchedule(schedule, inputOf(schedule), this.#settling.poller.invoke);
      await drain(this.#settling);
    }
    await this.settle();
    this.#state.schedulesRanAt = until;
  }

  #pendingWebhooks(): number {
    return this.#settling.venue?.pendingWebhooks() ?? 0;
  }

  #nextDue(): Millis {
    const after = this.#state.schedulesRanAt;
    const schedules = this.#schedules.map(({ times }) => times.nextAfter(after));
    return Math.min(...schedules, this.#state.delayed.nextDue() ?? Infinity);
  }
}

const openState = ({ dataDirectory, startAt, schedulesRanAt }: SteppedOptions): State => ({
  clock: steppedClock(startAt),
  delayed: openDelayedMessages(dataDirectory === null ? null : join(dataDirectory, 'delayed-messages.jsonl')),
  ringing: new Map(),
  activity: 0,
  settledActivity: null,
  schedulesRanAt: schedulesRanAt ?? startAt,
});

const settlingOf = (base: CloudBase, state: State, options: SteppedOptions): SettleOptions => ({
  base,
  venue: options.venue ?? null,
  ringing: state.ringing,
  isForLater: (actionId) => state.delayed.names(actionId),
  wait: async (milliseconds) => {
    await delay(milliseconds);
  },
  poller: {
    engine: base.queues,
    invoke: async (functionName, event) => {
      state.activity += 1;
      return base.host.invoke(functionName, event);
    },
    givesBackAtOnce: true,
    duplicateDeliveries: options.duplicateDeliveries ?? false,
    onFailure: base.failed,
  },
});

/** Starts the cloud with time standing at `startAt`; on a data directory it goes on with what a former run left. */
export const startSteppedCloud = async (options: SteppedOptions): Promise<SteppedCloud> => {
  const state = openState(options);
  const base = await startBase(options, { clock: state.clock, listener: listenerOf(state) });
  for (const { queue } of base.mappings) ring(state, queue.url);
  const settling = settlingOf(base, state, options);
  const { invoke } = settling.poller;
  const cloud = await openFace({ clock: state.clock, base, invoke, httpPort: options.httpPort ?? 0, throttledBy: null });
  const stepper = new Stepper(state, settling);
  return {
    ...cloud,
    settle: async () => stepper.settle(),
    advanceTo: async (time) => stepper.advanceTo(time),
    runDelayed: async (until) => stepper.runDelayed(until),
    runSchedulesOnce: async () => stepper.runSchedulesOnce(),
    runTrueRate: async (until, onTime) => stepper.runTrueRate(until, onTime),
  };
};
