import type { SlotRef } from '../../domain/slot.ts';
import { PLAIN } from '../../domain/watch.ts';
import type { EntryKind, EntryStyle, LevelOf, Watch, WatchTerms } from '../../domain/watch.ts';
import type { Attributes, AttributeValue } from './attributes.ts';
import { decimal, document, maybe, present, text, whole } from './attributes.ts';
import { readExitRules, writeExitRules } from './exit-rules-attributes.ts';
import type { ItemReader } from './item-reader.ts';
import { readRules, rulesAround } from './market-rules-attributes.ts';

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
  style: 'sy',
  level: 'lv',
} as const satisfies Record<Exclude<keyof WatchTerms, 'symbol' | 'slot' | 'assetClass'>, string>;
const LEVEL = { grid: 'g', reset: 'r' } as const satisfies Record<keyof LevelOf, string>;
const RESETS = ['none', 'soft', 'hard'] as const satisfies readonly LevelOf['reset'][];
const STYLE = { kind: 'k', slices: 'n', durationSeconds: 's', shown: 'q' } as const;
// What is usual is not written.
const STYLES = ['MAKER', 'TAKER', 'TWAP', 'ICEBERG'] as const satisfies readonly EntryStyle['kind'][];
/** Only a watch of kind `stop` has one, which is how its kind is told. */
const TRIGGER = 'tr';
/** Where watches of schema 1 have their market's rules. */
const OLD_RULES = 'ru';

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
    [WATCH.exit]: document(writeExitRules(watch.exit, watch.assetClass)),
    [WATCH.maxAttempts]: maybe(watch.maxAttempts, whole),
    [WATCH.style]: writeStyle(watch.style),
    [WATCH.level]: maybe(watch.level, ({ grid, reset }) => document({ [LEVEL.grid]: text(grid), [LEVEL.reset]: text(reset) })),
    [TRIGGER]: watch.kind === 'stop' ? decimal(watch.trigger) : null,
  });

/** Reads a watch; its symbol, slot and asset class are those of the item that holds it. */
export const readWatch = (reader: ItemReader, owner: SlotRef & Pick<Watch, 'assetClass'>): Watch => ({
  ...readTerms(reader, owner),
  ...readKind(reader),
});

const readTerms = (reader: ItemReader, owner: SlotRef & Pick<Watch, 'assetClass'>): WatchTerms => ({
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
  exit: readExitRules(reader.document(WATCH.exit), { assetClass: owner.assetClass, market: () => readOldRules(reader) }),
  maxAttempts: reader.wholeOrNull(WATCH.maxAttempts),
  style: reader.maybe(WATCH.style, () => readStyle(reader.document(WATCH.style))) ?? PLAIN,
  level: reader.maybe(WATCH.level, () => readLevel(reader.document(WATCH.level))),
});

const writeStyle = (style: EntryStyle): AttributeValue | null => {
  switch (style.kind) {
    case 'PLAIN':
      return null;
    case 'MAKER':
    case 'TAKER':
      return document({ [STYLE.kind]: text(style.kind) });
    case 'TWAP':
      return document({
        [STYLE.kind]: text(style.kind),
        [STYLE.slices]: whole(style.slices),
        [STYLE.durationSeconds]: whole(style.durationSeconds),
      });
    case 'ICEBERG':
      return document({ [STYLE.kind]: text(style.kind), [STYLE.shown]: decimal(style.shown) });
  }
};

const readStyle = (reader: ItemReader): EntryStyle => {
  const kind = reader.choice(STYLE.kind, STYLES);
  switch (kind) {
    case 'MAKER':
    case 'TAKER':
      return { kind };
    case 'TWAP':
      return { kind, slices: reader.whole(STYLE.slices), durationSeconds: reader.whole(STYLE.durationSeconds) };
    case 'ICEBERG':
      return { kind, shown: reader.decimal(STYLE.shown) };
  }
};

const readLevel = (reader: ItemReader): LevelOf => ({ grid: reader.text(LEVEL.grid), reset: reader.choice(LEVEL.reset, RESETS) });

const readKind = (reader: ItemReader): EntryKind =>
  reader.has(TRIGGER) ? { kind: 'stop', trigger: reader.decimal(TRIGGER) } : { kind: 'limit' };

const readOldRules = (reader: ItemReader) =>
  reader.has(OLD_RULES) ? readRules(reader.document(OLD_RULES)) : rulesAround(reader.decimal(WATCH.limit));
