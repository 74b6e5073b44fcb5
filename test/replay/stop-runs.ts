// Stretches of the shipped minutes, replayed with stop entries and with what is to go wrong.
import { join } from 'node:path';
import type { CallFault, WebhookFault } from '../../shared/adapters/paper/venue-faults.ts';
import type { Injections } from '../../infra/local/replay/replay-options.ts';
import type { RunResult } from './outcome.ts';
import { ROOT } from './processes.ts';
import { replay } from './runs.ts';

/** A morning on which both stocks are entered, their stops moved and hit. */
export const MORNING = ['--strategy', 'stop', '--from', '2024-02-15T14:30Z', '--to', '2024-02-15T16:00Z', '--symbols', 'AZO,BKNG'];

/** A day on which what was entered late is still held when everything has to be sold. */
export const AFTERNOON = ['--strategy', 'stop', '--from', '2024-02-15', '--to', '2024-02-16', '--symbols', 'TDG'];

/** The day after Thanksgiving: NYSE closed at 13:00. */
export const EARLY_CLOSE = [
  '--strategy', 'stop', '--bars', join(ROOT, 'data', 'minute', 'early-close-1m.csv'), '--from', '2024-11-29', '--to', '2024-11-30', '--symbols', 'TDG',
];

/** Replays with every schedule at its own time, so that what was not told is found when a poll comes. */
export const atTrueRate = (argv: readonly string[], injections: Partial<Injections> = {}): Promise<RunResult> =>
  replay(argv, { ...injections, trueRate: true });

export const webhooks = (...effects: readonly WebhookFault['effect'][]): Partial<Injections> => ({
  venueFaults: { seed: 11, calls: [], webhooks: effects.map((effect) => ({ types: [], only: null, timing: { kind: 'EVERY', n: 1 }, effect })) },
});

export const calls = (...faults: readonly CallFault[]): Partial<Injections> => ({ venueFaults: { seed: 11, calls: faults, webhooks: [] } });
