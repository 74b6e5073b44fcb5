// The cloud on the machine's own clock: queues are polled and schedules run by themselves.
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../shared/ports.ts';
import { startBase } from './cloud-base.ts';
import type { CloudBase } from './cloud-base.ts';
import { openFace } from './cloud-face.ts';
import type { Invoke, LocalCloud } from './cloud-face.ts';
import type { RunningOptions } from './cloud-options.ts';
import { limitConcurrency, patiently } from './concurrency.ts';
import { runningClock } from './local-clock.ts';
import { createLocalJournal } from './journal.ts';
import type { LocalJournal } from './journal.ts';
import { localSchedules, runSchedule } from './local-schedules.ts';
import type { LocalSchedule } from './local-schedules.ts';
import { pollOnce } from './mapping-poller.ts';
import type { Mapping, PollerOptions } from './mapping-poller.ts';

const MOST_WORKERS = 2;
const LONG_POLL_SECONDS = 1;
const PAUSE_AFTER_ERROR_MILLISECONDS = 200;
const PAUSE_WHEN_THROTTLED_MILLISECONDS = 50;
/** Timers hold no more than 24 days. */
const LONGEST_WAIT_MILLISECONDS = 3_600_000;

const pause = async (milliseconds: number, signal: AbortSignal): Promise<void> => {
  try {
    await delay(milliseconds, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
};

const pollUntil = async (mapping: Mapping, poller: PollerOptions, signal: AbortSignal): Promise<void> => {
  while (!signal.aborted) {
    try {
      await pollOnce(mapping, poller, { waitSeconds: LONG_POLL_SECONDS, visibilitySeconds: null, signal });
    } catch (error) {
      if (signal.aborted) return;
      poller.onFailure({ functionName: mapping.functionName, error });
      await pause(PAUSE_AFTER_ERROR_MILLISECONDS, signal);
    }
  }
};

const pollAll = (base: CloudBase, poller: PollerOptions, signal: AbortSignal): readonly Promise<void>[] =>
  base.mappings.flatMap((mapping) => {
    const workers = Math.min(MOST_WORKERS, mapping.part.ScalingConfig?.MaximumConcurrency ?? MOST_WORKERS);
    return Array.from({ length: workers }, async () => pollUntil(mapping, poller, signal));
  });

const waitUntil = async (time: number, clock: Clock, signal: AbortSignal): Promise<void> => {
  while (!signal.aborted && clock.now() < time) {
    await pause(Math.min(time - clock.now(), LONGEST_WAIT_MILLISECONDS), signal);
  }
};

const runUntil = async (schedule: LocalSchedule, clock: Clock, poller: PollerOptions, signal: AbortSignal): Promise<void> => {
  while (!signal.aborted) {
    await waitUntil(schedule.times.nextAfter(clock.now()), clock, signal);
    if (signal.aborted) return;
    try {
      await runSchedule(schedule, schedule.input, poller.invoke);
    } catch (error) {
      poller.onFailure({ functionName: schedule.functionName, error });
    }
  }
};

const journalFor = ({ dataDirectory }: RunningOptions, clock: Clock): LocalJournal =>
  createLocalJournal({ clock, file: dataDirectory === null ? null : join(dataDirectory, 'journal.ndjson') });

/** Starts the cloud on the machine's clock; closing it waits for the handlers that are at work. */
export const startRunningCloud = async (options: RunningOptions): Promise<LocalCloud> => {
  const clock = runningClock();
  const listener = { takes: () => false, sent: () => undefined };
  const base = await startBase({ journal: journalFor(options, clock), ...options }, { clock, listener });
  const invoke: Invoke = limitConcurrency(base.parts.functions, async (name, event) => base.host.invoke(name, event));
  const cloud = await openFace({ clock, base, invoke, httpPort: options.httpPort ?? 0, throttledBy: () => performance.now() });
  const stop = new AbortController();
  const poller: PollerOptions = {
    engine: base.queues,
    invoke: patiently(invoke, {
      pauseMilliseconds: PAUSE_WHEN_THROTTLED_MILLISECONDS,
      wait: async (milliseconds) => pause(milliseconds, stop.signal),
      isOver: () => stop.signal.aborted,
    }),
    givesBackAtOnce: false,
    duplicateDeliveries: options.duplicateDeliveries ?? false,
    onFailure: base.failed,
  };
  const schedules = localSchedules(base.parts).map(async (schedule) => runUntil(schedule, clock, poller, stop.signal));
  const work = [...pollAll(base, poller, stop.signal), ...schedules];
  const close = async (): Promise<void> => {
    stop.abort();
    await Promise.allSettled(work);
    await cloud.close();
  };
  return { ...cloud, close };
};
