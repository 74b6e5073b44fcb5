// The market's time as a rule asks for it: which sessions a watch or a position follows, and with whose settings.
import type { Context } from './context.ts';
import type { Millis } from './instant.ts';
import { ALWAYS_OPEN, indianHours, isInSession, localDate, minutes, sessionOfDay } from './session-window.ts';
import type { HoursName, MarketHours } from './session-window.ts';
import type { Settings } from './settings.ts';
import type { Slot } from './slot.ts';
import type { AssetClass, ExitRules, OwnSettings } from './watch.ts';

type Timed = Pick<ExitRules, 'hours' | 'own'>;

const INDIA = indianHours();

/** The hours of a market by its name (MH-1). */
export const hoursOf = (name: HoursName, { calendar }: Pick<Context, 'calendar'>): MarketHours => {
  switch (name) {
    case 'NYSE':
      return { kind: 'CALENDAR', calendar };
    case 'NSE':
      return INDIA;
    case 'ALWAYS':
      return ALWAYS_OPEN;
  }
};

/** The hours of a class where nothing else is said. */
export const usualHours = (assetClass: AssetClass): HoursName => (assetClass === 'stock' ? 'NYSE' : 'ALWAYS');

/** The hours that a slot follows: its position's before its watch's, which may be a newer plan's. */
export const hoursOfSlot = ({ assetClass, watch, position }: Pick<Slot, 'assetClass' | 'watch' | 'position'>): HoursName =>
  'rules' in position ? position.rules.hours : (watch?.exit.hours ?? usualHours(assetClass));

/** The account's settings with those that a watch has of its own. */
export const settingsWith = (own: OwnSettings, settings: Settings): Settings => ({ ...settings, ...own });

/** Tells whether a market is open now (MH-1). */
export const isMarketOpen = (hours: HoursName, context: Context): boolean =>
  isInSession(context.now, sessionOfDay(context.now, hoursOf(hours, context)));

/** Names the trading day of a market at an instant (MH-3). */
export const marketDay = (hours: HoursName, at: Millis, context: Context): string => localDate(at, hoursOf(hours, context));

/** When what was bought at an instant is sold (SL-6): before the close of that session, at once where there was none, never where nothing closes. */
export const autoExitAt = (openedAt: Millis, rules: Timed, context: Context): Millis | null => {
  const session = sessionOfDay(openedAt, hoursOf(rules.hours, context));
  if (session === null) return openedAt;
  const { exitBeforeCloseMinutes } = settingsWith(rules.own, context.settings);
  return session.closesAt === null ? null : session.closesAt - minutes(exitBeforeCloseMinutes);
};

/** Tells whether an entry may go out now (MH-1, SL-6): its market is open and the auto-exit has not come yet. */
export const isEntrySession = (rules: Timed, context: Context): boolean => {
  if (!isMarketOpen(rules.hours, context)) return false;
  const exitAt = autoExitAt(context.now, rules, context);
  return exitAt === null || context.now < exitAt;
};
