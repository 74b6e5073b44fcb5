// Why a watch does not ask for room now: the first reason that judgeEntry finds, with the numbers behind it (EW-1 to EW-6).
import { killScopesFor } from './explain-account.ts';
import { quoteFault, quoteOf, instantOf, percentOf, timesOf } from './explain-words.ts';
import type { Known, Reason } from './explain-words.ts';
import { toPlain } from './decimal.ts';
import { distance } from './distance.ts';
import { maxAttemptsOf } from './entry-eligibility.ts';
import type { Ineligible } from './entry-eligibility.ts';
import { shapeOrder } from './constraints.ts';
import { isNyseOpen } from './market-hours.ts';
import { isMarketOpen, settingsWith } from './market-time.ts';
import { dueQuantity } from './parts.ts';
import type { Slot } from './slot.ts';
import { attemptsOn, dayOf } from './slot-moves.ts';
import { toleranceOf } from './tolerance.ts';
import type { Watch } from './watch.ts';

type Told = Exclude<Ineligible, 'NOT_WATCHING' | 'ENTRY_LIVE'>;

interface Watching {
  readonly slot: Slot;
  readonly watch: Watch;
  readonly known: Known;
}

const priceWords = ({ slot, known }: Watching): string => toPlain(quoteOf(slot.symbol, known)?.price ?? slot.dust);

const awayFromLimit = (told: Watching): string => {
  const { slot, watch, known } = told;
  const { context } = known;
  const quote = quoteOf(slot.symbol, known);
  const away = quote === null ? null : distance(watch.limit, quote.price);
  const tolerance = toleranceOf(watch, isNyseOpen(context.now, context.calendar), context.settings);
  if (watch.style.kind === 'TAKER') return `the price ${priceWords(told)} is not through its limit ${toPlain(watch.limit)}, and a taker enters through it only`;
  return `the price ${priceWords(told)} is ${away === null ? 'no distance' : percentOf(away)} from its limit ${toPlain(watch.limit)}, and its tolerance is ${percentOf(tolerance)}`;
};

const awayFromTrigger = (told: Watching, trigger: string): string => {
  const { slot, watch, known } = told;
  const way = watch.side === 'buy' ? 'at or below' : 'at or above';
  const price = priceWords(told);
  if (slot.triggered === dayOf(slot, known.context)) return `it is triggered, and waits for a price ${way} its entry price ${toPlain(watch.limit)}; the price is ${price}`;
  const { ignoreInitialMinutes, triggerWindowMinutes } = settingsWith(watch.exit.own, known.context.settings);
  return `it is not triggered: a price ${way} ${trigger} has to come from minute ${ignoreInitialMinutes} to ${triggerWindowMinutes} of the session; the price is ${price}`;
};

const away = (told: Watching): string => {
  const fault = quoteFault(quoteOf(told.slot.symbol, told.known), told.known);
  if (fault !== null) return fault;
  return told.watch.kind === 'stop' ? awayFromTrigger(told, toPlain(told.watch.trigger)) : awayFromLimit(told);
};

const sessionClosed = ({ watch, known }: Watching): string =>
  isMarketOpen(watch.exit.hours, known.context) ? `${watch.exit.hours} is open, but the time of the auto-exit has come` : `its market, ${watch.exit.hours}, is closed`;

const refusedTooOften = ({ slot, watch, known }: Watching): string => {
  const { maxOrderRetries } = settingsWith(watch.exit.own, known.context.settings);
  return `it was refused ${timesOf(attemptsOn(slot, known.context).refused)} this session and has ${maxOrderRetries} retries; it rests until the next session`;
};

const unplaceable = ({ slot, watch, known }: Watching): string => {
  const shaped = shapeOrder({ ...watch, quantity: dueQuantity(slot, watch, known.context) }, watch.exit.market);
  return `the venue would refuse it${'refused' in shaped ? `: ${shaped.refused}` : ''}`;
};

const attemptsUsed = ({ slot, watch, known }: Watching): string =>
  `it has entered ${timesOf(attemptsOn(slot, known.context).count)} today, and may ${timesOf(maxAttemptsOf(watch, known.context))}`;

const WORDS: Readonly<Record<Told, (told: Watching) => string>> = {
  POSITION_OPEN: () => 'what it bought is still held',
  EXPIRED: ({ watch }) => `its watch expired at ${instantOf(watch.expiresAt)}`,
  MAX_ATTEMPTS: attemptsUsed,
  MAX_ORDER_RETRIES: refusedTooOften,
  SESSION_CLOSED: sessionClosed,
  KILL_SWITCH: ({ slot, known }) => `the kill switch is ${killScopesFor(slot, known).join(' and ')}`,
  GRID_RESETTING: () => 'its grid is being reset, and orders of the former one have not ended',
  UNPLACEABLE: unplaceable,
  STOP_UNPLACEABLE: () => 'the venue would not take the stop that its position needs',
  PART_NOT_DUE: () => 'its next part is not due yet',
  EXIT_DUE: () => 'what its earlier parts bought is reduced or about to be left',
  WOULD_CROSS_SPREAD: (told) => `at the price ${priceWords(told)} its post-only limit ${toPlain(told.watch.limit)} would trade at once`,
  AWAY: away,
};

/** Says why a watch that has no order does not enter. */
export const explainIneligible = (slot: Slot, why: Ineligible, known: Known): Reason => {
  const { watch } = slot;
  if (watch === null || why === 'NOT_WATCHING' || why === 'ENTRY_LIVE') {
    return { about: 'ENTRY', code: 'NOT_WATCHING', words: 'no entry: no plan asks for it now, or its watch has expired or was withdrawn' };
  }
  return { about: 'ENTRY', code: why, words: `no entry: ${WORDS[why]({ slot, watch, known })}` };
};
