import type { Decimal } from './decimal.ts';
import { type Millis, seconds } from './instant.ts';
import type { Settings } from './settings.ts';

/** A price of a symbol and when it was true. */
export interface Quote {
  readonly price: Decimal;
  readonly at: Millis;
}

type QuoteSettings = Pick<Settings, 'quoteMaxAgeSeconds'>;

const GREATEST_LEAD: Millis = seconds(1);

/** Tells whether a decision may rest on a quote (WS-1): a finite price above 0, neither stale nor more than a second ahead of the clock. */
export function isUsableQuote(quote: Quote | null, now: Millis, settings: QuoteSettings): quote is Quote {
  if (quote === null || !quote.price.isFinite() || quote.price.lessThanOrEqualTo(0)) return false;
  const age = now - quote.at;
  return age <= seconds(settings.quoteMaxAgeSeconds) && age >= -GREATEST_LEAD;
}

/** Picks the quote to keep (WS-1): an older price never replaces a newer one, and of two of one instant the known one stays. */
export function newerQuote(known: Quote | null, offered: Quote | null): Quote | null {
  if (known === null) return offered;
  if (offered === null) return known;
  return offered.at > known.at ? offered : known;
}
