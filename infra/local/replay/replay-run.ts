// One run while it is under way: does its steps one by one and writes each down when it is done.
import { setTimeout as delay } from 'node:timers/promises';
import { ZERO, sum, toPlain } from '../../../shared/domain/decimal.ts';
import type { Decimal } from '../../../shared/domain/decimal.ts';
import type { Millis } from '../../../shared/domain/instant.ts';
import type { Slot } from '../../../shared/domain/slot.ts';
import { stopOf } from '../../../shared/domain/slot-orders.ts';
import type { RunFacts } from '../report/facts.ts';
import { collectFacts } from './collect-facts.ts';
import type { Display } from './display.ts';
import { memoryPeak } from './memory-peak.ts';
import type { PreparedRun } from './prepare-run.ts';
import type { Step } from './price-steps.ts';
import type { ReplayWorld } from './replay-world.ts';
import type { RunCounters } from './run-counters.ts';
import type { DoneStep, RunJournal } from './run-journal.ts';
import { runStep } from './run-step.ts';

export interface RunParts {
  readonly run: PreparedRun;
  readonly world: ReplayWorld;
  readonly journal: RunJournal;
  readonly counters: RunCounters;
  readonly display: Display;
  readonly steals: () => number;
  /** When the engines began to start, in milliseconds of this process. */
  readonly beganAt: number;
}

/** Does the steps that are left until all are done or a stop is asked for; returns whether all are done. */
export async function runSteps(parts: RunParts, signal: AbortSignal): Promise<boolean> {
  const { run, journal } = parts;
  const { stopAfterStep, speed } = run.options;
  const last = Math.min(run.steps.length, stopAfterStep ?? run.steps.length);
  let began = parts.beganAt;
  for (const step of run.steps.slice(journal.entries.length, last)) {
    if (signal.aborted) return false;
    await runStep(step, run, parts.world);
    await finishStep(step, parts, began);
    await pace(step, speed, began, signal);
    began = performance.now();
  }
  return last === run.steps.length;
}

async function finishStep(step: Step, { world, journal, counters, display, run, steals }: RunParts, began: number): Promise<void> {
  await world.auditor.compare(step.id);
  const entry = entryOf(step, world, { ...counters.take(), seconds: (performance.now() - began) / 1000 });
  journal.append(entry);
  const cap = Number(entry.cap);
  display.progress({
    done: journal.entries.length,
    total: run.steps.length,
    at: step.at,
    steals: steals(),
    usedShare: cap > 0 ? (cap - Number(entry.free)) / cap : 0,
  });
}

type Taken = ReturnType<RunCounters['take']> & { readonly seconds: number };

function entryOf(step: Step, { auditor }: ReplayWorld, { units, seconds, ...counts }: Taken): DoneStep {
  const { capacity, slots } = auditor.mirror;
  if (capacity === null) throw new Error(`${step.id}: the account's equity was not read`);
  return {
    id: step.id,
    at: step.at,
    equity: toPlain(capacity.equity),
    cap: toPlain(capacity.cap),
    free: toPlain(capacity.free),
    wanted: toPlain(wantedBy(slots, step)),
    refused: { ...counts.refused },
    conflicts: { ...counts.conflicts },
    notes: { ...counts.notes },
    closed: { ...counts.closed },
    latency: { ...counts.latency },
    watched: slots.filter(isWatched).map(({ symbol }) => symbol),
    ...units,
    seconds,
  };
}

/** Tells whether no order at a venue protects a position, because none so small is taken (SL-4). */
const isWatched = (slot: Slot): boolean => stopOf(slot.position)?.status === 'WATCHED';

/** Notional of the watches that have neither an entry nor a position while their symbol trades, quote currency. */
function wantedBy(slots: readonly Slot[], step: Step): Decimal {
  const traded = new Set(step.kind === 'PRICES' ? step.prices.map(({ symbol }) => symbol) : []);
  return sum(
    slots.map(({ symbol, watch, entry, position }) =>
      watch !== null && traded.has(symbol) && entry.status === 'NONE' && position.status === 'FLAT'
        ? watch.limit.times(watch.quantity)
        : ZERO,
    ),
  );
}

async function pace(step: Step, speed: number, began: Millis, signal: AbortSignal): Promise<void> {
  if (speed === 0 || step.kind !== 'PRICES') return;
  const left = 1000 / speed - (performance.now() - began);
  if (left <= 0) return;
  try {
    await delay(left, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** Reads and checks what the run left behind, while its engines still run. */
export function finishRun({ run, world, journal }: RunParts): Promise<RunFacts> {
  return collectFacts(run, world, journal, memoryPeak());
}
