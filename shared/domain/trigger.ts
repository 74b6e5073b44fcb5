import type { Decimal } from './decimal.ts';
import type { Millis } from './instant.ts';
import { type SessionWindow, isInSession, minutes } from './session-window.ts';
import type { Settings } from './settings.ts';
import { type Side, isThrough } from './side.ts';

/** A price that a watch of kind `stop` waits for, and the price that has come. */
export interface TriggerCheck {
  readonly side: Side;
  readonly triggerPrice: Decimal;
  readonly price: Decimal;
  readonly at: Millis;
  readonly session: SessionWindow | null;
}

type TriggerSettings = Pick<Settings, 'triggerWindowMinutes' | 'ignoreInitialMinutes'>;

/** What a trigger leads to: nothing, arming alone where no attempt is left, or arming and claiming in one commit. */
export type TriggerOutcome = 'NOTHING' | 'TRIGGER' | 'TRIGGER_AND_CLAIM';

/** Tells whether triggers count at an instant (SL-1): the session runs, its first moments are over, its window is not. */
export function isTriggerTime(at: Millis, session: SessionWindow | null, settings: TriggerSettings): boolean {
  if (!isInSession(at, session)) return false;
  const age = at - session.opensAt;
  return age >= minutes(settings.ignoreInitialMinutes) && age < minutes(settings.triggerWindowMinutes);
}

/** Tells whether a price triggers an idle watch (SL-1): a long from above, a short from below; what is no price never does. */
export function isTriggered(check: TriggerCheck, settings: TriggerSettings): boolean {
  const { price } = check;
  if (!price.isFinite() || price.lessThanOrEqualTo(0)) return false;
  return isTriggerTime(check.at, check.session, settings) && isThrough(check.side, check.triggerPrice, price);
}

/** Judges a price for an idle watch (SL-1): arming and claiming are one, and without attempts left it is armed alone. */
export function judgeTrigger(check: TriggerCheck, attemptsLeft: boolean, settings: TriggerSettings): TriggerOutcome {
  if (!isTriggered(check, settings)) return 'NOTHING';
  return attemptsLeft ? 'TRIGGER_AND_CLAIM' : 'TRIGGER';
}
