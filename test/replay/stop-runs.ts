// Stretches of the shipped minutes, replayed with stop entries and with what is to go wrong.
import type { CallFault, WebhookFault } from '../../shared/adapters/paper/venue-faults.ts';
import type { Injections } from '../../infra/local/replay/replay-options.ts';
import type { RunResult } from './outcome.ts';
import { replay } from './runs.ts';

/** A morning on which both stocks are entered, their stops moved and hit. */
export const MORNING = ['--strategy', 'stop', '--from', '2024-02-15T14:30Z', '--to', '2024-02-15T16:00Z', '--symbols', 'AZO,BKNG'];

/** An afternoon of which two positions are sold before the close, one of them entered in the morning. */
export const DAY = ['--strategy', 'stop', '--from', '2024-02-21T14:30Z', '--to', '2024-02-21T21:00Z', '--symbols', 'BKNG'];

/** Replays with every schedule at its own time, so that what was not told is found when a poll comes. */
export const atTrueRate = (argv: readonly string[], injections: Partial<Injections> = {}): Promise<RunResult> =>
  replay(argv, { ...injections, trueRate: true });

export const webhooks = (...effects: readonly WebhookFault['effect'][]): Partial<Injections> => ({
  venueFaults: { seed: 11, calls: [], webhooks: effects.map((effect) => ({ types: [], only: null, timing: { kind: 'EVERY', n: 1 }, effect })) },
});

export const calls = (...faults: readonly CallFault[]): Partial<Injections> => ({ venueFaults: { seed: 11, calls: faults, webhooks: [] } });
