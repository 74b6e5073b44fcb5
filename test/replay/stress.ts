// A stock day on which orders fight for little room, replayed at a venue that does everything wrong.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Decimal } from '../../shared/domain/decimal.ts';
import type { Action } from '../../shared/domain/action.ts';
import type { Slot } from '../../shared/domain/slot.ts';
import type { FaultPlan } from '../../shared/adapters/paper/venue-faults.ts';
import { readTextFile } from '../../infra/local/replay/csv.ts';
import { SILENT } from '../../infra/local/replay/display.ts';
import { prepareRun } from '../../infra/local/replay/prepare-run.ts';
import type { PreparedRun } from '../../infra/local/replay/prepare-run.ts';
import { NO_INJECTIONS } from '../../infra/local/replay/replay-options.ts';
import { finishRun, runSteps } from '../../infra/local/replay/replay-run.ts';
import { comeToRest } from '../../infra/local/replay/come-to-rest.ts';
import { openWorld } from '../../infra/local/replay/replay-world.ts';
import { createCounters } from '../../infra/local/replay/run-counters.ts';
import { NOTIONAL } from '../../infra/local/replay/plan-message.ts';
import { openRunJournal } from '../../infra/local/replay/run-journal.ts';
import { ensureSynth } from '../../infra/local/synth.ts';
import type { RunFacts } from '../../infra/local/report/facts.ts';
import { ROOT } from './processes.ts';

const START_CASH = new Decimal(10_000);
const PRICES_AN_HOUR = 4;
/** So far below the prices that few orders fill and many wait, near and far. */
const BELOW = '0.993';
const DAY = { from: Date.parse('2026-01-27T14:00Z'), to: Date.parse('2026-01-27T22:00Z') };
/** Room for five of eighteen watches, thieves from far off, victims hardly protected. */
const SETTINGS = {
  MAX_LEVERAGE: '1.1',
  ENTRY_TOLERANCE: '0.03',
  WORK_STEALING_TOLERANCE: '0.006',
  WORK_STEALING_PROTECTION: '0.002',
  WORK_STEALING_COOLDOWN: '0',
};

export interface StressEnd {
  readonly facts: RunFacts;
  readonly openActions: readonly Action[];
  readonly slots: readonly Slot[];
  readonly deadLetters: readonly { readonly queue: string; readonly count: number }[];
  /** How often each note was told. */
  readonly notes: Readonly<Record<string, number>>;
  /** How many venue calls had each outcome. */
  readonly outcomes: Readonly<Record<string, number>>;
}

export interface StressOptions {
  readonly faults: FaultPlan;
  /** What of an order one price may fill, roughly; null for all of it. */
  readonly fillableShare: Decimal | null;
}

/** Replays the day with faults, and half an hour more without any, so that everything under way can end. */
export async function stress(options: StressOptions): Promise<StressEnd> {
  const folder = mkdtempSync(join(tmpdir(), 'claimjump-stress-'));
  try {
    return await stressWith(prepare(folder, options), options);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function prepare(folder: string, { fillableShare, faults }: StressOptions): PreparedRun {
  const [barsFile, plansFile] = [join(folder, 'bars.csv'), join(folder, 'plans.csv')];
  writeFileSync(barsFile, barsWithVolume(fillableShare));
  writeFileSync(plansFile, plansBelow());
  return prepareRun({
    barsFile,
    plans: { strategy: 'limit', file: plansFile },
    ...DAY,
    symbols: null,
    settings: SETTINGS,
    speed: 0,
    folder: null,
    stopAfterStep: null,
    injections: { ...NO_INJECTIONS, venueFaults: faults },
  });
}

const rewritten = (file: string, row: (cells: readonly string[]) => readonly string[]): string => {
  const [header = '', ...rows] = readTextFile(join(ROOT, 'data', file)).text.trimEnd().split('\n');
  return [header, ...rows.map((text) => row(text.split(',')).join(',')), ''].join('\n');
};

const plansBelow = (): string =>
  rewritten('plans-1h.csv', ([time = '', symbol = '', buy = '', sell = '', ...weights]) => {
    const lower = (price: string): string => new Decimal(price).times(BELOW).toFixed(8);
    return [time, symbol, lower(buy), lower(sell), ...weights];
  });

/** The shipped stocks have no volume: here each price offers the same share of an order in every symbol. */
const barsWithVolume = (share: Decimal | null): string =>
  rewritten('bars-1h.csv', ([time = '', symbol = '', high = '', low = '', close = '', volume = '']) => {
    const offered = share === null ? volume : NOTIONAL.times(share).times(PRICES_AN_HOUR).dividedBy(close).toFixed(8);
    return [time, symbol, high, low, close, offered];
  });

async function stressWith(run: PreparedRun, { fillableShare }: StressOptions): Promise<StressEnd> {
  const notes = new Map<string, number>();
  const outcomes = new Map<string, number>();
  const counters = createCounters(({ name, fields }) => {
    notes.set(name, (notes.get(name) ?? 0) + 1);
    const outcome = fields['outcome'];
    if (name === 'VENUE_CALL') outcomes.set(String(outcome), (outcomes.get(String(outcome)) ?? 0) + 1);
  });
  const world = await openWorld({
    assemblyDirectory: await ensureSynth(),
    account: 'main',
    folder: null,
    symbols: run.symbols,
    startCash: START_CASH,
    fillShareOfVolume: fillableShare === null ? null : new Decimal(1),
    settings: run.options.settings,
    injections: run.options.injections,
    counters,
    startAt: run.range.from,
    schedulesRanAt: run.range.from - 300_000,
  });
  try {
    const journal = openRunJournal(null, run.fingerprint);
    const parts = { run, world, journal, counters, display: SILENT, steals: () => notes.get('STEAL') ?? 0, beganAt: performance.now() };
    await world.auditor.rebuild();
    await world.cloud.settle();
    await runSteps(parts, new AbortController().signal);
    await comeToRest(world);
    return {
      facts: await finishRun(parts),
      openActions: await world.store.openActions('main'),
      slots: (await world.store.audit('main')).slots,
      deadLetters: await world.cloud.deadLetters(),
      notes: Object.fromEntries(notes),
      outcomes: Object.fromEntries(outcomes),
    };
  } finally {
    await world.close();
  }
}
