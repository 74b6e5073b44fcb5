// One sentence of an explanation, and how numbers and times stand in it.
import type { Context } from './context.ts';
import { toPlain } from './decimal.ts';
import type { Decimal } from './decimal.ts';
import type { Snapshot } from './decision.ts';
import type { Millis } from './instant.ts';
import { isUsableQuote } from './quote.ts';
import type { Quote } from './quote.ts';

/** Which part of an explanation a sentence belongs to. */
export type About = 'ACCOUNT' | 'ENTRY' | 'STEAL' | 'ORDER' | 'POSITION' | 'STOP' | 'HISTORY';

/** Why something is as it is: the rule's own word for it, and the sentence for people. */
export interface Reason {
  readonly about: About;
  readonly code: string;
  readonly words: string;
}

/** What an explanation rests on: the whole book with its steals, and what a decision would know beside it. */
export interface Known {
  readonly snapshot: Snapshot;
  readonly context: Context;
}

const PERCENT_PLACES = 4;
const HUNDRED = 100;
const SECONDS_OF_MINUTE = 60;
const MINUTES_OF_HOUR = 60;
const MILLIS = 1000;
const INSTANT_LENGTH = 19;

/** Writes a ratio as percent. */
export const percentOf = (ratio: Decimal): string => `${toPlain(ratio.times(HUNDRED).toDecimalPlaces(PERCENT_PLACES))} %`;

/** Writes a span of time, milliseconds, in whole seconds, minutes or hours. */
export const spanOf = (span: Millis): string => {
  const seconds = Math.max(0, Math.round(span / MILLIS));
  if (seconds < 2 * SECONDS_OF_MINUTE) return `${seconds} s`;
  const minutes = Math.floor(seconds / SECONDS_OF_MINUTE);
  return minutes < 2 * MINUTES_OF_HOUR ? `${minutes} min` : `${Math.floor(minutes / MINUTES_OF_HOUR)} h ${minutes % MINUTES_OF_HOUR} min`;
};

/** Writes a point in time. */
export const instantOf = (at: Millis): string => `${new Date(at).toISOString().slice(0, INSTANT_LENGTH).replace('T', ' ')} UTC`;

/** Writes a count with its word. */
export const timesOf = (count: number): string => (count === 1 ? 'once' : `${count} times`);

/** The last quote of a symbol, whether it may be used or not. */
export const quoteOf = (symbol: string, { snapshot }: Known): Quote | null => snapshot.board.quotes[symbol] ?? null;

/** Says why no decision may rest on a quote (WS-1); null where one may. */
export const quoteFault = (quote: Quote | null, { context: { now, settings } }: Known): string | null => {
  if (quote === null) return 'no price of it is known';
  const isUsable: boolean = isUsableQuote(quote, now, settings);
  if (isUsable) return null;
  if (quote.at > now) return `its price is ${spanOf(quote.at - now)} ahead of the clock`;
  if (now - quote.at > settings.quoteMaxAgeSeconds * MILLIS) return `its price is ${spanOf(now - quote.at)} old, and one counts for ${settings.quoteMaxAgeSeconds} s`;
  return 'its price is none above 0';
};
