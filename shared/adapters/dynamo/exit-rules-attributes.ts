// How a position is protected and how it ends, as watches, holdings and order records keep it. What is usual is left out.
import type { MarketRules } from '../../domain/constraints.ts';
import type { HoursName } from '../../domain/session-window.ts';
import type { StopPolicy } from '../../domain/stop-price.ts';
import type { AssetClass, ExitRules, MaxHold, OwnSettings } from '../../domain/watch.ts';
import type { Attributes, AttributeValue } from './attributes.ts';
import { decimal, document, flag, maybe, present, text, whole } from './attributes.ts';
import type { ItemReader } from './item-reader.ts';
import { readSteps, writeBand, writeSteps } from './market-rules-attributes.ts';

const EXIT = { takeProfit: 'tp', maxHold: 'mh', stop: 'sp', hours: 'hr', own: 'ow', market: 'ma', netted: 'nt' } as const satisfies Record<keyof ExitRules, string>;
const MARKET_BAND = 'pb';
const HOLD = { seconds: 's', barSeconds: 'b' } as const satisfies Record<keyof MaxHold, string>;
const STOP = { kind: 'k', ownStop: 'o', takeProfitMultiple: 'm' } as const;
const STOP_KINDS = ['limit', 'stop'] as const satisfies readonly StopPolicy['kind'][];
const HOURS = ['NYSE', 'NSE', 'ALWAYS'] as const satisfies readonly HoursName[];
const OWN_RATIO = 'lr';
const OWN_COUNTS = {
  triggerWindowMinutes: 'tw',
  ignoreInitialMinutes: 'ii',
  orderTimeoutMinutes: 'ot',
  exitBeforeCloseMinutes: 'eb',
  maxOrderRetries: 'mr',
  initialStopTicks: 'is',
  trailTicks: 'tt',
  barMinutes: 'bm',
} as const satisfies Record<OwnCount, string>;
type OwnCount = Exclude<keyof OwnSettings, 'limitStopRatio'>;

// What a class keeps to where nothing else is said; it stands for what is not written, so it never changes.
const USUAL_HOURS = { stock: 'NYSE', crypto: 'ALWAYS' } as const satisfies Record<AssetClass, HoursName>;

/** Whose rules they are; `market` gives the venue's where none were kept with them. */
export interface RulesOwner {
  readonly assetClass: AssetClass;
  readonly market: () => MarketRules;
}

/** Writes exit rules of an asset class. @throws UnstorableNumberError */
export const writeExitRules = (rules: ExitRules, assetClass: AssetClass): Attributes =>
  present({
    [EXIT.takeProfit]: maybe(rules.takeProfit, decimal),
    [EXIT.maxHold]: maybe(rules.maxHold, (hold) =>
      document(present({ [HOLD.seconds]: whole(hold.seconds), [HOLD.barSeconds]: maybe(hold.barSeconds, whole) })),
    ),
    [EXIT.stop]: writePolicy(rules.stop),
    [EXIT.hours]: rules.hours === USUAL_HOURS[assetClass] ? null : text(rules.hours),
    [EXIT.own]: writeOwn(rules.own),
    [EXIT.market]: writeSteps(rules.market),
    [MARKET_BAND]: writeBand(rules.market.priceBand),
    [EXIT.netted]: rules.netted ? flag(true) : null,
  });

/** Reads exit rules. @throws StoredItemError */
export const readExitRules = (reader: ItemReader, owner: RulesOwner): ExitRules => ({
  takeProfit: reader.decimalOrNull(EXIT.takeProfit),
  maxHold: reader.maybe(EXIT.maxHold, () => {
    const hold = reader.document(EXIT.maxHold);
    return { seconds: hold.whole(HOLD.seconds), barSeconds: hold.wholeOrNull(HOLD.barSeconds) };
  }),
  stop: reader.maybe(EXIT.stop, () => readPolicy(reader.document(EXIT.stop))) ?? { kind: 'limit', ownStop: null },
  hours: reader.maybe(EXIT.hours, () => reader.choice(EXIT.hours, HOURS)) ?? USUAL_HOURS[owner.assetClass],
  own: reader.maybe(EXIT.own, () => readOwn(reader.document(EXIT.own))) ?? {},
  market: reader.has(EXIT.market) ? readSteps(reader, EXIT.market, MARKET_BAND) : owner.market(),
  netted: reader.has(EXIT.netted),
});

const writePolicy = (policy: StopPolicy): AttributeValue | null => {
  switch (policy.kind) {
    case 'limit':
      return maybe(policy.ownStop, (price) => document({ [STOP.kind]: text(policy.kind), [STOP.ownStop]: decimal(price) }));
    case 'stop':
      return document(present({ [STOP.kind]: text(policy.kind), [STOP.takeProfitMultiple]: maybe(policy.takeProfitMultiple, decimal) }));
  }
};

const readPolicy = (reader: ItemReader): StopPolicy => {
  const kind = reader.choice(STOP.kind, STOP_KINDS);
  switch (kind) {
    case 'limit':
      return { kind, ownStop: reader.decimalOrNull(STOP.ownStop) };
    case 'stop':
      return { kind, takeProfitMultiple: reader.decimalOrNull(STOP.takeProfitMultiple) };
  }
};

const OWN_NAMES: readonly OwnCount[] = [
  'triggerWindowMinutes', 'ignoreInitialMinutes', 'orderTimeoutMinutes', 'exitBeforeCloseMinutes', 'maxOrderRetries', 'initialStopTicks',
  'trailTicks', 'barMinutes',
];

const writeOwn = (own: OwnSettings): AttributeValue | null => {
  const counts = OWN_NAMES.map((name) => [OWN_COUNTS[name], maybe(own[name] ?? null, whole)] as const);
  const written = present({ ...Object.fromEntries(counts), [OWN_RATIO]: maybe(own.limitStopRatio ?? null, decimal) });
  return Object.keys(written).length === 0 ? null : document(written);
};

const readOwn = (reader: ItemReader): OwnSettings => {
  const given = OWN_NAMES.filter((name) => reader.has(OWN_COUNTS[name]));
  const counts: Partial<Record<OwnCount, number>> = Object.fromEntries(given.map((name) => [name, reader.whole(OWN_COUNTS[name])]));
  return { ...counts, ...(reader.has(OWN_RATIO) ? { limitStopRatio: reader.decimal(OWN_RATIO) } : {}) };
};
