import { EXIT_REASONS } from '../../domain/slot.ts';
import type { Holding, Lot, Position, Slot } from '../../domain/slot.ts';
import type { Attributes } from './attributes.ts';
import { count, decimal, document, list, maybe, nothing, present, text, whole } from './attributes.ts';
import { readExitRules, type RulesOwner, writeExitRules } from './exit-rules-attributes.ts';
import type { ItemReader } from './item-reader.ts';
import { rulesAround } from './market-rules-attributes.ts';
import { readOrder, writeOrder } from './order-attributes.ts';
import { readReduction, writeReduction } from './reduction-attributes.ts';
import { readStop, writeStop } from './stop-attributes.ts';
import { MODES, SIDES } from './watch-attributes.ts';

export const POSITION_STATUSES = ['FLAT', 'OPEN', 'LEAVING', 'EXITING', 'FOREIGN'] as const satisfies readonly Position['status'][];

// The status itself stands in the slot's state, where conditions can see it.
const HOLDING = {
  side: 'sd',
  lots: 'lo',
  openedAt: 'oa',
  mode: 'mo',
  rules: 'xr',
  stopPrice: 'px',
  stop: 'sp',
  stopFailures: 'sf',
  exitFailures: 'xf',
  failedExit: 'fe',
  unprotectedSince: 'us',
  reduction: 'rd',
} as const satisfies Record<keyof Holding, string>;
const LEAVING = { exit: 'xo', reason: 're' } as const;
const LOT = { tradeId: 'id', price: 'pr', quantity: 'qt', commission: 'cm', at: 'at' } as const satisfies Record<keyof Lot, string>;
type Foreign = Extract<Position, { status: 'FOREIGN' }>;
const FOREIGN = { side: 'sd', quantity: 'qt', averagePrice: 'ap', seenAt: 'sa' } as const satisfies Record<Exclude<keyof Foreign, 'status'>, string>;

/** Writes what a position has beside its status; null where that is nothing. */
export const writePosition = (position: Position, slot: Pick<Slot, 'assetClass'>): Attributes | null => {
  switch (position.status) {
    case 'FLAT':
      return null;
    case 'OPEN':
      return writeHolding(position, slot);
    case 'LEAVING':
      return { ...writeHolding(position, slot), [LEAVING.reason]: text(position.reason) };
    case 'EXITING':
      return { ...writeHolding(position, slot), [LEAVING.exit]: document(writeOrder(position.exit)), [LEAVING.reason]: text(position.reason) };
    case 'FOREIGN':
      return {
        [FOREIGN.side]: text(position.side),
        [FOREIGN.quantity]: decimal(position.quantity),
        [FOREIGN.averagePrice]: decimal(position.averagePrice),
        [FOREIGN.seenAt]: whole(position.seenAt),
      };
  }
};

/** Reads a position of the status named. */
export const readPosition = (status: Position['status'], reader: ItemReader, slot: Pick<Slot, 'assetClass' | 'watch'>): Position => {
  switch (status) {
    case 'FLAT':
      return { status };
    case 'OPEN':
      return { status, ...readHolding(reader, slot) };
    case 'LEAVING':
      return { status, ...readHolding(reader, slot), reason: reader.choice(LEAVING.reason, EXIT_REASONS) };
    case 'EXITING':
      return {
        status,
        ...readHolding(reader, slot),
        exit: readOrder(reader.document(LEAVING.exit)),
        reason: reader.choice(LEAVING.reason, EXIT_REASONS),
      };
    case 'FOREIGN':
      return {
        status,
        side: reader.choice(FOREIGN.side, SIDES),
        quantity: reader.decimal(FOREIGN.quantity),
        averagePrice: reader.decimal(FOREIGN.averagePrice),
        seenAt: reader.whole(FOREIGN.seenAt),
      };
  }
};

const writeHolding = (holding: Holding, { assetClass }: Pick<Slot, 'assetClass'>): Attributes =>
  present({
    [HOLDING.side]: text(holding.side),
    [HOLDING.lots]: list(holding.lots.map((lot) => document(writeLot(lot)))),
    [HOLDING.openedAt]: whole(holding.openedAt),
    [HOLDING.mode]: text(holding.mode),
    [HOLDING.rules]: document(writeExitRules(holding.rules, assetClass)),
    [HOLDING.stopPrice]: maybe(holding.stopPrice, decimal),
    [HOLDING.stop]: maybe(writeStop(holding.stop), document),
    [HOLDING.stopFailures]: count(holding.stopFailures),
    [HOLDING.exitFailures]: count(holding.exitFailures),
    [HOLDING.failedExit]: maybe(holding.failedExit, text),
    [HOLDING.unprotectedSince]: holding.unprotectedSince === null ? nothing : whole(holding.unprotectedSince),
    [HOLDING.reduction]: maybe(holding.reduction, (reduction) => document(writeReduction(reduction))),
  });

const readHolding = (reader: ItemReader, slot: Pick<Slot, 'assetClass' | 'watch'>): Holding => {
  const lots = reader.documents(HOLDING.lots).map(readLot);
  const openedAt = reader.whole(HOLDING.openedAt);
  return {
    side: reader.choice(HOLDING.side, SIDES),
    lots,
    openedAt,
    mode: reader.choice(HOLDING.mode, MODES),
    rules: readExitRules(reader.document(HOLDING.rules), ownerOf(slot, lots)),
    stopPrice: reader.decimalOrNull(HOLDING.stopPrice),
    stop: reader.maybe(HOLDING.stop, () => readStop(reader.document(HOLDING.stop))) ?? { status: 'NONE' },
    stopFailures: reader.count(HOLDING.stopFailures),
    exitFailures: reader.count(HOLDING.exitFailures),
    failedExit: reader.maybe(HOLDING.failedExit, () => reader.choice(HOLDING.failedExit, EXIT_REASONS)),
    unprotectedSince: readUnprotected(reader, openedAt),
    reduction: reader.maybe(HOLDING.reduction, () => readReduction(reader.document(HOLDING.reduction))),
  };
};

// A holding of schema 1 says nothing of its protection, for it never had any.
const readUnprotected = (reader: ItemReader, openedAt: Holding['openedAt']): Holding['unprotectedSince'] =>
  reader.isNull(HOLDING.unprotectedSince) ? null : (reader.wholeOrNull(HOLDING.unprotectedSince) ?? openedAt);

// Nor of its market, which is its watch's where there is one.
const ownerOf = ({ assetClass, watch }: Pick<Slot, 'assetClass' | 'watch'>, lots: readonly Lot[]): RulesOwner => ({
  assetClass,
  market: () => watch?.exit.market ?? rulesAround(lots[0]?.price ?? null),
});

/** Writes a lot; also one that left a position without a fill. @throws UnstorableNumberError */
export const writeLot = (lot: Lot): Attributes =>
  present({
    [LOT.tradeId]: text(lot.tradeId),
    [LOT.price]: decimal(lot.price),
    [LOT.quantity]: decimal(lot.quantity),
    [LOT.commission]: maybe(lot.commission, decimal),
    [LOT.at]: whole(lot.at),
  });

/** Reads a lot; one from before commissions were kept has none that is known. */
export const readLot = (reader: ItemReader): Lot => ({
  tradeId: reader.text(LOT.tradeId),
  price: reader.decimal(LOT.price),
  quantity: reader.decimal(LOT.quantity),
  commission: reader.decimalOrNull(LOT.commission),
  at: reader.whole(LOT.at),
});
