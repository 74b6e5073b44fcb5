// The steals of the last hours, newest last (WS-10).
import type { StealsAnswer } from './answers.ts';
import { readBook } from './read-book.ts';
import { toPlain } from '../domain/decimal.ts';
import type { StealRecord } from '../domain/decision.ts';
import type { ShellDeps } from '../shell-deps.ts';

const HOUR_MS = 3_600_000;

const rowOf = (steal: StealRecord): StealsAnswer['steals'][number] => ({
  at: steal.at,
  thief: steal.thief.symbol,
  thiefDistance: toPlain(steal.thiefDistance.toSignificantDigits(12)),
  thiefPnl: steal.thiefPnl === null ? null : toPlain(steal.thiefPnl),
  victim: steal.victim.symbol,
  victimDistance: toPlain(steal.victimDistance.toSignificantDigits(12)),
  victimPnl: steal.victimPnl === null ? null : toPlain(steal.victimPnl),
  fight: steal.fight,
  cooldownSeconds: steal.cooldownSeconds,
});

/** Tells the steals of the last hours; the table forgets them by itself after a while. */
export const tellSteals = async (deps: ShellDeps, hours: number): Promise<StealsAnswer> => {
  const now = deps.clock.now();
  const { snapshot } = await readBook(deps, now - hours * HOUR_MS);
  return { kind: 'STEALS', at: now, steals: snapshot.steals.toSorted((a, b) => a.at - b.at).map(rowOf) };
};
