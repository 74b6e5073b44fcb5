// What steals have left behind (WS-3, WS-7, WS-10): a cooldown, and with whom the next would be a fight.
import type { StealRecord } from './decision.ts';
import { instantOf, spanOf, timesOf } from './explain-words.ts';
import type { Known, Reason } from './explain-words.ts';
import { seconds } from './instant.ts';
import type { Slot } from './slot.ts';

const cooldown = ({ lastStolen }: Slot, { context }: Known): readonly Reason[] => {
  if (lastStolen === null) return [];
  const endsAt = lastStolen.at + seconds(lastStolen.cooldownSeconds);
  if (endsAt <= context.now) return [];
  return [{ about: 'HISTORY', code: 'COOLDOWN', words: `its room was taken ${spanOf(context.now - lastStolen.at)} ago, and is not taken again for another ${spanOf(endsAt - context.now)}` }];
};

const stealWords = (symbol: string, { thief, victim, at }: StealRecord): string =>
  thief.symbol === symbol ? `it took the room of ${victim.symbol} at ${instantOf(at)}` : `${thief.symbol} took its room at ${instantOf(at)}`;

const othersOf = (symbol: string, steals: readonly StealRecord[]): readonly string[] =>
  [...new Set(steals.map(({ thief, victim }) => (thief.symbol === symbol ? victim.symbol : thief.symbol)))];

const fights = (symbol: string, steals: readonly StealRecord[], { context }: Known): readonly Reason[] => {
  const { workStealingFightWindowSeconds: window, workStealingFightThreshold: threshold } = context.settings;
  const recent = steals.filter(({ at }) => context.now - at <= seconds(window));
  return othersOf(symbol, recent).flatMap((other) => {
    const count = recent.filter(({ thief, victim }) => thief.symbol === other || victim.symbol === other).length;
    if (count + 1 < threshold) return [];
    return [{ about: 'HISTORY', code: 'FIGHT', words: `it and ${other} have taken each other's room ${timesOf(count)} in ${spanOf(seconds(window))}: the next is a fight, which the greater PnL wins` } as const];
  });
};

/** Says what steals of a symbol still mean, and which there were. */
export const explainHistory = (slot: Slot, known: Known): readonly Reason[] => {
  const steals = known.snapshot.steals.filter(({ thief, victim }) => thief.symbol === slot.symbol || victim.symbol === slot.symbol);
  const told = steals.map((steal) => ({ about: 'HISTORY', code: 'STEAL', words: stealWords(slot.symbol, steal) }) as const);
  return [...cooldown(slot, known), ...fights(slot.symbol, steals, known), ...told];
};
