import { type Decimal, ZERO } from './decimal.ts';
import { type Millis, seconds } from './instant.ts';
import type { Settings } from './settings.ts';

/** One side of an attempted steal. */
export interface Fighter {
  readonly symbol: string;
  readonly forecastPnl: Decimal | null;
}

/** A steal that was confirmed (WS-10). */
export interface PastSteal {
  readonly thief: string;
  readonly victim: string;
  readonly at: Millis;
}

/** The settings of fights. */
export type FightSettings = Pick<
  Settings,
  | 'workStealingFightThreshold'
  | 'workStealingFightWindowSeconds'
  | 'workStealingFightCooldownSeconds'
  | 'workStealingCooldownSeconds'
>;

/** An attempt about to be judged; symbols in their inside form. */
export interface FightInput {
  readonly thief: Fighter;
  readonly victim: Fighter;
  readonly history: readonly PastSteal[];
  readonly settings: FightSettings;
  readonly now: Millis;
}

/** How an attempt was judged; `recent` counts the earlier steals of the pair inside the window. */
export type FightVerdict =
  | { readonly recent: number; readonly fight: boolean; readonly allowed: true; readonly reason: null; readonly cooldownSeconds: number }
  | { readonly recent: number; readonly fight: true; readonly allowed: false; readonly reason: 'FIGHT_LOST'; readonly cooldownSeconds: null };

/** Judges whether a steal would be a fight of the pair and whether the thief wins it (WS-7); the cooldown is the victim's, in seconds. */
export function judgeFight({ thief, victim, history, settings, now }: FightInput): FightVerdict {
  const window = seconds(settings.workStealingFightWindowSeconds);
  const recent = history.filter((steal) => isPair(steal, thief.symbol, victim.symbol) && now - steal.at <= window).length;
  const fight = recent + 1 >= settings.workStealingFightThreshold;
  if (!fight) {
    return { recent, fight, allowed: true, reason: null, cooldownSeconds: settings.workStealingCooldownSeconds };
  }
  if ((thief.forecastPnl ?? ZERO).greaterThan(victim.forecastPnl ?? ZERO)) {
    return { recent, fight, allowed: true, reason: null, cooldownSeconds: settings.workStealingFightCooldownSeconds };
  }
  return { recent, fight, allowed: false, reason: 'FIGHT_LOST', cooldownSeconds: null };
}

function isPair(steal: PastSteal, a: string, b: string): boolean {
  return (steal.thief === a && steal.victim === b) || (steal.thief === b && steal.victim === a);
}
