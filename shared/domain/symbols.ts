// One inside form per symbol (EW-4): pairs as `BTC/USD`, stocks as `AAPL` or `BRK.B`.
import { DomainInputError } from './decimal.ts';

/** The two kinds of thing that are traded. */
export type AssetClass = 'stock' | 'crypto';

/** A symbol as a venue lists it. */
export interface Market {
  readonly symbol: string;
  readonly assetClass: AssetClass;
}

// BUSD and TUSD are left out on purpose: SHIBUSD and DOTUSD would be split before their last coin letter.
const QUOTE_CURRENCIES = [
  'FDUSD', 'USDT', 'USDC', 'USD', 'EUR', 'GBP', 'JPY', 'AUD', 'CAD', 'CHF', 'TRY', 'DAI', 'BTC', 'ETH', 'BNB',
];
const SYMBOL_TEXT = /^[A-Z0-9]+(?:[./_-][A-Z0-9]+)?$/;
const LONGEST_SYMBOL = 32;
const SEPARATOR = /[./_-]/;

/**
 * Writes a symbol in its inside form (EW-4). Without an asset class a spelling that ends in a known
 * quote currency is taken for a pair. Throws DomainInputError for what no venue would call a symbol.
 */
export function normaliseSymbol(text: string, assetClass: AssetClass | null = null): string {
  const upper = upperSymbol(text);
  if (assetClass === 'stock') return upper.replace(SEPARATOR, '.');
  const [base = upper, quote] = upper.split(SEPARATOR);
  if (quote === undefined) return splitPair(upper);
  if (assetClass === null && isShareClass(upper, quote)) return `${base}.${quote}`;
  return `${base}/${quote}`;
}

/** Tells whether a text can be a symbol at all, under any spelling. */
export function isSymbol(text: string): boolean {
  const upper = text.trim().toUpperCase();
  return upper.length <= LONGEST_SYMBOL && SYMBOL_TEXT.test(upper);
}

/** Tells whether two spellings are one symbol (EW-4). */
export function isSameSymbol(a: string, b: string, assetClass: AssetClass | null = null): boolean {
  return normaliseSymbol(a, assetClass) === normaliseSymbol(b, assetClass);
}

/** Groups spellings that are one symbol (EW-4): lists of indexes, ascending, ordered by their first. */
export function groupSymbols(spellings: readonly string[]): number[][] {
  const groups = new Map<string, number[]>();
  for (const [index, spelling] of spellings.entries()) {
    const symbol = normaliseSymbol(spelling);
    const group = groups.get(symbol);
    if (group === undefined) groups.set(symbol, [index]);
    else group.push(index);
  }
  return [...groups.values()];
}

/**
 * Finds the asset class of a watch (EW-4): its own word first, else the venue's list under any spelling,
 * an exact one first. Null, and so refused, where nothing or more than one class is found.
 */
export function assetClassOf(symbol: string, given: string | null, markets: readonly Market[]): AssetClass | null {
  if (!isSymbol(symbol)) return null;
  if (given !== null) return given === 'stock' || given === 'crypto' ? given : null;
  const exact = classesOf(markets.filter((market) => market.symbol === symbol));
  if (exact.size > 0) return onlyOne(exact);
  const listed = markets.filter((market) => isSymbol(market.symbol));
  return onlyOne(classesOf(listed.filter((market) => isSameSymbol(symbol, market.symbol, market.assetClass))));
}

/** Writes a symbol without its slash, as log lines want it (WS-11). */
export function plainSymbol(symbol: string): string {
  return symbol.replace('/', '');
}

function upperSymbol(text: string): string {
  if (isSymbol(text)) return text.trim().toUpperCase();
  const found = JSON.stringify(text.slice(0, 2 * LONGEST_SYMBOL));
  throw new DomainInputError('symbol', 'letters and digits with at most one separator', found);
}

function splitPair(text: string): string {
  const quote = QUOTE_CURRENCIES.find((currency) => text.length > currency.length && text.endsWith(currency));
  return quote === undefined ? text : `${text.slice(0, -quote.length)}/${quote}`;
}

function isShareClass(text: string, suffix: string): boolean {
  return text.includes('.') || (!text.includes('/') && suffix.length === 1);
}

function classesOf(markets: readonly Market[]): Set<AssetClass> {
  return new Set(markets.map((market) => market.assetClass));
}

function onlyOne(classes: ReadonlySet<AssetClass>): AssetClass | null {
  const [first] = classes;
  return classes.size === 1 && first !== undefined ? first : null;
}
