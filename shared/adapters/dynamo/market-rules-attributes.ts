import type { MarketRules } from '../../domain/constraints.ts';
import { Decimal, min, ZERO } from '../../domain/decimal.ts';
import type { Attributes, AttributeValue } from './attributes.ts';
import { decimal, document, list, maybe, present } from './attributes.ts';
import { type ItemReader, StoredItemError } from './item-reader.ts';

const RULES = { tickSize: 'tk', lotSize: 'lo', minQuantity: 'mq', minNotional: 'mn', priceBand: 'pb' } as const satisfies Record<keyof MarketRules, string>;
const BAND = { low: 'l', high: 'h' } as const;
const A_CENT = new Decimal('0.01');
const FINEST_LOT = new Decimal('0.00000001');

/** Writes the rules as a document of their own. @throws UnstorableNumberError */
export const writeRules = (rules: MarketRules): Attributes =>
  present({
    [RULES.tickSize]: decimal(rules.tickSize),
    [RULES.lotSize]: decimal(rules.lotSize),
    [RULES.minQuantity]: decimal(rules.minQuantity),
    [RULES.minNotional]: decimal(rules.minNotional),
    [RULES.priceBand]: writeBand(rules.priceBand),
  });

/** Reads rules that stand as a document. @throws StoredItemError */
export const readRules = (reader: ItemReader): MarketRules => ({
  tickSize: reader.decimal(RULES.tickSize),
  lotSize: reader.decimal(RULES.lotSize),
  minQuantity: reader.decimal(RULES.minQuantity),
  minNotional: reader.decimal(RULES.minNotional),
  priceBand: readBand(reader, RULES.priceBand),
});

/** Writes the rules without their band as four numbers, which in a slot is half the size of a document. @throws UnstorableNumberError */
export const writeSteps = ({ tickSize, lotSize, minQuantity, minNotional }: MarketRules): AttributeValue =>
  list([tickSize, lotSize, minQuantity, minNotional].map(decimal));

/** Reads rules of four numbers, their band beside them. @throws StoredItemError */
export const readSteps = (reader: ItemReader, name: string, bandName: string): MarketRules => {
  const [tickSize, lotSize, minQuantity, minNotional] = reader.numbers(name).map((digits) => new Decimal(digits));
  if (tickSize === undefined || lotSize === undefined || minQuantity === undefined || minNotional === undefined) {
    throw new StoredItemError(name, 'four numbers');
  }
  return { tickSize, lotSize, minQuantity, minNotional, priceBand: readBand(reader, bandName) };
};

/** Writes a price band; null where there is none. @throws UnstorableNumberError */
export const writeBand = (given: MarketRules['priceBand']): AttributeValue | null =>
  maybe(given, (band) => document(present({ [BAND.low]: maybe(band.low, decimal), [BAND.high]: maybe(band.high, decimal) })));

const readBand = (reader: ItemReader, name: string): MarketRules['priceBand'] =>
  reader.maybe(name, () => {
    const band = reader.document(name);
    return { low: band.decimalOrNull(BAND.low), high: band.decimalOrNull(BAND.high) };
  });

/**
 * Rules for what was stored before any were kept with it. Its price was a multiple of the tick, so that price's last
 * digit, or a cent if that is finer, is a step the venue is likely to take; a stop that it refuses all the same is
 * watched by us. No least size and the finest lot: nothing that is held may go uncovered for rules we do not know.
 */
export const rulesAround = (price: Decimal | null): MarketRules => ({
  tickSize: price === null ? A_CENT : min(A_CENT, new Decimal(10).pow(-price.decimalPlaces())),
  lotSize: FINEST_LOT,
  minQuantity: ZERO,
  minNotional: ZERO,
  priceBand: null,
});
