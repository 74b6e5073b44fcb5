import type { MarketRules } from '../../domain/constraints.ts';
import type { SlotRef } from '../../domain/slot.ts';
import type { ExitRules, MaxHold, Watch } from '../../domain/watch.ts';
import type { Attributes } from './attributes.ts';
import { decimal, document, maybe, present, text, whole } from './attributes.ts';
import type { ItemReader } from './item-reader.ts';

export const ASSET_CLASSES = ['stock', 'crypto'] as const;
export const SIDES = ['buy', 'sell'] as const;
export const MODES = ['normal', 'probe'] as const;

// Short names keep a slot within one kilobyte, which is what a write costs by.
const WATCH = {
  strategy: 'st',
  planVersion: 'pv',
  side: 'sd',
  limit: 'li',
  quantity: 'qt',
  forecastPnl: 'fp',
  mode: 'mo',
  group: 'gr',
  rank: 'rk',
  tolerance: 'to',
  expiresAt: 'ex',
  exit: 'xr',
  maxAttempts: 'ma',
  rules: 'ru',
} as const satisfies Record<Exclude<keyof Watch, 'kind' | 'symbol' | 'slot' | 'assetClass'>, string>;
const RULES = { tickSize: 'tk', lotSize: 'lo', minQuantity: 'mq', minNotional: 'mn', priceBand: 'pb' } as const satisfies Record<keyof MarketRules, string>;
const BAND = { low: 'l', high: 'h' } as const;
const EXIT = { takeProfit: 'tp', maxHold: 'mh' } as const satisfies Record<keyof ExitRules, string>;
const HOLD = { seconds: 's', barSeconds: 'b' } as const satisfies Record<keyof MaxHold, string>;

export const writeWatch = (watch: Watch): Attributes =>
  present({
    [WATCH.strategy]: text(watch.strategy),
    [WATCH.planVersion]: whole(watch.planVersion),
    [WATCH.side]: text(watch.side),
    [WATCH.limit]: decimal(watch.limit),
    [WATCH.quantity]: decimal(watch.quantity),
    [WATCH.forecastPnl]: maybe(watch.forecastPnl, decimal),
    [WATCH.mode]: text(watch.mode),
    [WATCH.group]: maybe(watch.group, text),
    [WATCH.rank]: maybe(watch.rank, whole),
    [WATCH.tolerance]: maybe(watch.tolerance, decimal),
    [WATCH.expiresAt]: whole(watch.expiresAt),
    [WATCH.exit]: document(writeExitRules(watch.exit)),
    [WATCH.maxAttempts]: maybe(watch.maxAttempts, whole),
    [WATCH.rules]: document(writeRules(watch.rules)),
  });

/** Reads a watch; its symbol, slot and asset class are those of the item that holds it. */
export const readWatch = (reader: ItemReader, owner: SlotRef & Pick<Watch, 'assetClass'>): Watch => ({
  kind: 'limit',
  symbol: owner.symbol,
  slot: owner.slot,
  assetClass: owner.assetClass,
  strategy: reader.text(WATCH.strategy),
  planVersion: reader.whole(WATCH.planVersion),
  side: reader.choice(WATCH.side, SIDES),
  limit: reader.decimal(WATCH.limit),
  quantity: reader.decimal(WATCH.quantity),
  forecastPnl: reader.decimalOrNull(WATCH.forecastPnl),
  mode: reader.choice(WATCH.mode, MODES),
  group: reader.textOrNull(WATCH.group),
  rank: reader.wholeOrNull(WATCH.rank),
  tolerance: reader.decimalOrNull(WATCH.tolerance),
  expiresAt: reader.whole(WATCH.expiresAt),
  exit: readExitRules(reader.document(WATCH.exit)),
  maxAttempts: reader.wholeOrNull(WATCH.maxAttempts),
  rules: readRules(reader.document(WATCH.rules)),
});

export const writeExitRules = (rules: ExitRules): Attributes =>
  present({
    [EXIT.takeProfit]: maybe(rules.takeProfit, decimal),
    [EXIT.maxHold]: maybe(rules.maxHold, (hold) =>
      document(present({ [HOLD.seconds]: whole(hold.seconds), [HOLD.barSeconds]: maybe(hold.barSeconds, whole) })),
    ),
  });

export const readExitRules = (reader: ItemReader): ExitRules => ({
  takeProfit: reader.decimalOrNull(EXIT.takeProfit),
  maxHold: reader.maybe(EXIT.maxHold, () => {
    const hold = reader.document(EXIT.maxHold);
    return { seconds: hold.whole(HOLD.seconds), barSeconds: hold.wholeOrNull(HOLD.barSeconds) };
  }),
});

export const writeRules = (rules: MarketRules): Attributes =>
  present({
    [RULES.tickSize]: decimal(rules.tickSize),
    [RULES.lotSize]: decimal(rules.lotSize),
    [RULES.minQuantity]: decimal(rules.minQuantity),
    [RULES.minNotional]: decimal(rules.minNotional),
    [RULES.priceBand]: maybe(rules.priceBand, (band) =>
      document(present({ [BAND.low]: maybe(band.low, decimal), [BAND.high]: maybe(band.high, decimal) })),
    ),
  });

export const readRules = (reader: ItemReader): MarketRules => ({
  tickSize: reader.decimal(RULES.tickSize),
  lotSize: reader.decimal(RULES.lotSize),
  minQuantity: reader.decimal(RULES.minQuantity),
  minNotional: reader.decimal(RULES.minNotional),
  priceBand: reader.maybe(RULES.priceBand, () => {
    const band = reader.document(RULES.priceBand);
    return { low: band.decimalOrNull(BAND.low), high: band.decimalOrNull(BAND.high) };
  }),
});
