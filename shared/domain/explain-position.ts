// What is held, and what covers it (SL-4 to SL-7, SL-11).
import { toPlain } from './decimal.ts';
import type { Decimal } from './decimal.ts';
import { spanOf } from './explain-words.ts';
import type { Known, Reason } from './explain-words.ts';
import { isAcknowledged } from './order-progress.ts';
import { isHeld } from './position-moves.ts';
import type { Held } from './position-moves.ts';
import { heldQuantity, lotsNotional, priceOf, unreachable } from './room.ts';
import type { ExitReason, Position, Slot, Stop } from './slot.ts';

const AVERAGE_DIGITS = 12;

const LEFT_FOR: Readonly<Record<ExitReason, string>> = {
  TAKE_PROFIT: 'its take-profit has come',
  MAX_HOLD: 'it was held for as long as it may be',
  AUTO_EXIT: 'its market is about to close',
  PROBE_EXPIRED: 'its probe is over',
  STOP_FILLED: 'its stop has filled',
  STOP_REACHED: 'the price has come to its stop',
  STOP_UNFILLED: 'its stop does not fill',
  SOLD: 'an order that had left its slot has sold of it',
  TOO_SMALL: 'fees have left less than any order could sell',
  REDUCED: 'a plan has it reduced by all there is',
};

const tooOften = ({ stopFailures }: Held): string => (stopFailures === 0 ? '' : `; the venue has refused its stop ${stopFailures === 1 ? 'once' : `${stopFailures} times`}`);

const unprotectedFor = ({ unprotectedSince }: Held, { context }: Known): string =>
  unprotectedSince === null ? '' : ` for ${spanOf(context.now - unprotectedSince)}`;

const placedStop = (stop: Extract<Stop, { status: 'PLACED' }>, held: Held, known: Known): Reason => {
  const price = toPlain(priceOf(stop.order));
  if (isAcknowledged(stop.order.status)) return { about: 'STOP', code: 'PROTECTED', words: `its stop rests at the venue at ${price} for ${toPlain(stop.order.quantity)}` };
  return { about: 'STOP', code: 'PROTECTING', words: `UNPROTECTED${unprotectedFor(held, known)}: its stop at ${price} is on its way and not confirmed${tooOften(held)}` };
};

const explainStop = (held: Held, known: Known): Reason => {
  const { stop } = held;
  switch (stop.status) {
    case 'NONE':
      return { about: 'STOP', code: 'UNPROTECTED', words: `UNPROTECTED${unprotectedFor(held, known)}: it has no stop at the venue${tooOften(held)}` };
    case 'WATCHED':
      return { about: 'STOP', code: 'WATCHED', words: `the venue takes no stop for it (${stop.reason}): its price is watched here, and it is sold when that comes to ${stopPriceOf(held)}` };
    case 'CANCELLING':
      return { about: 'STOP', code: 'RENEWING', words: `its stop at ${toPlain(priceOf(stop.order))} is being cancelled, and what follows waits for how that ends` };
    case 'PLACED':
      return placedStop(stop, held, known);
    default:
      return unreachable(stop);
  }
};

const stopPriceOf = ({ stopPrice }: Held): string => (stopPrice === null ? 'no price' : toPlain(stopPrice));

/** What a unit of some lots cost on average, for people to read: a ratio that may not end is cut. */
export const averagePriceOf = (lots: Held['lots']): Decimal => lotsNotional(lots).dividedBy(heldQuantity(lots)).toSignificantDigits(AVERAGE_DIGITS);

const heldWords = (held: Held): string => `it holds ${held.side === 'buy' ? '' : 'short '}${toPlain(heldQuantity(held.lots))} at ${toPlain(averagePriceOf(held.lots))}`;

const onItsWay = (held: Held): string => {
  if (held.status === 'LEAVING') return `, and is being left: ${LEFT_FOR[held.reason]}; its stop is cancelled first`;
  return held.status === 'EXITING' ? `, and is being sold: ${LEFT_FOR[held.reason]}` : '';
};

const failedExit = ({ exitFailures, failedExit: exit }: Held): readonly Reason[] =>
  exitFailures === 0 ? [] : [{ about: 'POSITION', code: 'EXIT_FAILED', words: `its sale${exit === null ? '' : ` (${LEFT_FOR[exit]})`} has failed ${exitFailures === 1 ? 'once' : `${exitFailures} times`}` }];

const explainHeld = (held: Held, known: Known): readonly Reason[] => [
  { about: 'POSITION', code: held.status, words: `${heldWords(held)}${onItsWay(held)}` },
  ...failedExit(held),
  ...(held.status === 'EXITING' ? [] : [explainStop(held, known)]),
];

type Foreign = Extract<Position, { status: 'FOREIGN' }>;

const explainForeign = (symbol: string, { side, quantity, averagePrice, seenAt }: Foreign, { context }: Known): Reason => {
  const what = `the venue holds ${side === 'buy' ? '' : 'short '}${toPlain(quantity)} at ${toPlain(averagePrice)} that no order of ours explains, seen ${spanOf(context.now - seenAt)} ago`;
  return { about: 'POSITION', code: 'FOREIGN_POSITION', words: `${what}: it uses room and nothing is traded in it until a person adopts it (claimjump adopt ${symbol})` };
};

/** Says what a slot holds and what covers it; nothing of one that holds nothing. */
export const explainPosition = ({ symbol, position }: Slot, known: Known): readonly Reason[] => {
  if (isHeld(position)) return explainHeld(position, known);
  return position.status === 'FOREIGN' ? [explainForeign(symbol, position, known)] : [];
};
