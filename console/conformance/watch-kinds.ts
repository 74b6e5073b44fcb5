// Kinds about watches, sessions and probes: EW-1 to EW-5, MH-1, MH-2 and WS-12.
import { nyseCalendar } from '../../shared/adapters/calendar/nyse-calendar.ts';
import { watchExpiry } from '../../shared/domain/expiry.ts';
import type { Millis } from '../../shared/domain/instant.ts';
import { isNyseOpen } from '../../shared/domain/market-hours.ts';
import { modeAtIntake, probePosition } from '../../shared/domain/probe.ts';
import { isValidRank, rankCrypto } from '../../shared/domain/rank.ts';
import type { Settings } from '../../shared/domain/settings.ts';
import { type AssetClass, assetClassOf, groupSymbols } from '../../shared/domain/symbols.ts';
import { isForced, mayEnter, toleranceOf } from '../../shared/domain/tolerance.ts';
import { readQuote, readSettings, readSymbol } from './case-fields.ts';
import type { Field } from './field.ts';
import { type Found, Instant } from './found.ts';

const calendar = nyseCalendar();

/** Runs kind `market-hours` (MH-1, MH-2). */
export function marketHoursKind(input: Field): Found {
  const nyseOpen = isNyseOpen(input.at('at').time(), calendar);
  return { nyseOpen, cryptoOutOfHours: !nyseOpen };
}

/** Runs kind `tolerance` (EW-1, EW-2, EW-3). */
export function toleranceKind(input: Field): Found {
  const settings = readSettings(input.at('settings'));
  const now = input.at('at').time();
  const watch = input.at('watch');
  const given = watch.at('rank').orNull((field) => field.integer());
  if (given !== null && !isValidRank(given)) return { valid: false };
  const assetClass = readAssetClass(watch.at('assetClass'));
  const rank = assetClass === 'crypto' ? (given ?? rankInPlan(input)) : null;
  return { valid: true, rank, ...entryOf(input, { assetClass, rank, settings, now }) };
}

interface RankedInput {
  readonly assetClass: AssetClass;
  readonly rank: number | null;
  readonly settings: Settings;
  readonly now: Millis;
}

function entryOf(input: Field, { assetClass, rank, settings, now }: RankedInput): Readonly<Record<string, Found>> {
  const watch = input.at('watch');
  const nyseOpen = isNyseOpen(now, calendar);
  const own = watch.at('tolerance').orNull((field) => field.decimal());
  const tolerance = toleranceOf({ assetClass, tolerance: own }, nyseOpen, settings);
  const forced = isForced({ assetClass, rank }, nyseOpen, settings);
  const side = watch.at('side').choice('buy', 'sell');
  const limit = watch.at('limit').orNull((field) => field.decimal());
  return { tolerance, forced, mayEnter: mayEnter({ side, limit, quote: readQuote(input, now), tolerance, forced }, now, settings) };
}

function rankInPlan(input: Field): number | null {
  const plan = input.at('plan').orNull((watches) =>
    watches.list((watch) => ({
      symbol: readSymbol(watch.at('symbol')),
      assetClass: readAssetClass(watch.at('assetClass')),
      forecastPnl: watch.at('forecastPnl').orNull((field) => field.decimal()),
    })),
  );
  return rankCrypto(plan ?? []).get(readSymbol(input.at('watch').at('symbol'))) ?? null;
}

/** Runs kind `symbols` (EW-4): either spellings to group, or the asset class of one. */
export function symbolsKind(input: Field): Found {
  const spellings = input.at('symbols').orNull((list) => list.list((spelling) => spelling.text()));
  if (spellings !== null) return { groups: groupSymbols(spellings) };
  const markets = input.at('markets').list((market) => ({
    symbol: market.at('symbol').text(),
    assetClass: readAssetClass(market.at('assetClass')),
  }));
  const given = input.at('assetClass').orNull((field) => field.text());
  const assetClass = assetClassOf(input.at('symbol').text(), given, markets);
  return { accepted: assetClass !== null, assetClass };
}

/** Runs kind `expiry` (EW-5). */
export function expiryKind(input: Field): Found {
  const watch = {
    assetClass: readAssetClass(input.at('assetClass')),
    at: input.at('at').time(),
    minimumDurationSeconds: input.at('minimumDurationSeconds').orNull((field) => field.integer()),
    expiresAt: input.at('expiresAt').orNull((field) => field.time()),
  };
  return { expiresAt: new Instant(watchExpiry(watch, calendar)) };
}

/** Runs kind `probe` (WS-12). */
export function probeKind(input: Field): Found {
  return input.at('event').choice('intake', 'position') === 'intake' ? probeIntake(input) : probeStanding(input);
}

function probeIntake(input: Field): Found {
  const watch = {
    mode: input.at('mode').choice('normal', 'probe'),
    quantity: input.at('quantity').decimal(),
    limit: input.at('limit').decimal(),
  };
  return { mode: modeAtIntake(watch, readSettings(input.at('settings'))) };
}

function probeStanding(input: Field): Found {
  const position = { startedAt: input.at('startedAt').time(), promoted: input.at('promoted').boolean() };
  const standing = probePosition(position, input.at('now').time(), calendar);
  if (standing.promoted) return { close: standing.close };
  return { readyForPromotion: standing.readyForPromotion, expired: standing.expired, close: standing.close };
}

function readAssetClass(field: Field): AssetClass {
  return field.choice('stock', 'crypto');
}
