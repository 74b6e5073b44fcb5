import type { ExitReason, Holding, Lot, Position, Stop } from '../../domain/slot.ts';
import type { Attributes } from './attributes.ts';
import { decimal, document, list, text, whole } from './attributes.ts';
import type { ItemReader } from './item-reader.ts';
import { readOrder, writeOrder } from './order-attributes.ts';
import { MODES, readExitRules, SIDES, writeExitRules } from './watch-attributes.ts';

export const POSITION_STATUSES = ['FLAT', 'OPEN', 'EXITING'] as const satisfies readonly Position['status'][];
const EXIT_REASONS = ['TAKE_PROFIT', 'MAX_HOLD', 'AUTO_EXIT', 'PROBE_EXPIRED'] as const satisfies readonly ExitReason[];
const STOP_STATUSES = ['NONE'] as const satisfies readonly Stop['status'][];

// The status itself stands in the slot's state, where conditions can see it.
const HOLDING = {
  side: 'sd',
  lots: 'lo',
  openedAt: 'oa',
  mode: 'mo',
  rules: 'xr',
  stop: 'sp',
  exitFailures: 'xf',
} as const satisfies Record<keyof Holding, string>;
const EXITING = { exit: 'xo', reason: 're' } as const;
const LOT = { tradeId: 'id', price: 'pr', quantity: 'qt', at: 'at' } as const satisfies Record<keyof Lot, string>;
const STOP_STATUS = 'ss';

/** Writes what a position has beside its status; null where that is nothing. */
export const writePosition = (position: Position): Attributes | null => {
  switch (position.status) {
    case 'FLAT':
      return null;
    case 'OPEN':
      return writeHolding(position);
    case 'EXITING':
      return { ...writeHolding(position), [EXITING.exit]: document(writeOrder(position.exit)), [EXITING.reason]: text(position.reason) };
  }
};

/** Reads a position of the status named. */
export const readPosition = (status: Position['status'], reader: ItemReader): Position => {
  switch (status) {
    case 'FLAT':
      return { status };
    case 'OPEN':
      return { status, ...readHolding(reader) };
    case 'EXITING':
      return {
        status,
        ...readHolding(reader),
        exit: readOrder(reader.document(EXITING.exit)),
        reason: reader.choice(EXITING.reason, EXIT_REASONS),
      };
  }
};

const writeHolding = (holding: Holding): Attributes => ({
  [HOLDING.side]: text(holding.side),
  [HOLDING.lots]: list(holding.lots.map((lot) => document(writeLot(lot)))),
  [HOLDING.openedAt]: whole(holding.openedAt),
  [HOLDING.mode]: text(holding.mode),
  [HOLDING.rules]: document(writeExitRules(holding.rules)),
  [HOLDING.stop]: document({ [STOP_STATUS]: text(holding.stop.status) }),
  [HOLDING.exitFailures]: whole(holding.exitFailures),
});

const readHolding = (reader: ItemReader): Holding => ({
  side: reader.choice(HOLDING.side, SIDES),
  lots: reader.documents(HOLDING.lots).map(readLot),
  openedAt: reader.whole(HOLDING.openedAt),
  mode: reader.choice(HOLDING.mode, MODES),
  rules: readExitRules(reader.document(HOLDING.rules)),
  stop: { status: reader.document(HOLDING.stop).choice(STOP_STATUS, STOP_STATUSES) },
  exitFailures: reader.whole(HOLDING.exitFailures),
});

const writeLot = (lot: Lot): Attributes => ({
  [LOT.tradeId]: text(lot.tradeId),
  [LOT.price]: decimal(lot.price),
  [LOT.quantity]: decimal(lot.quantity),
  [LOT.at]: whole(lot.at),
});

const readLot = (reader: ItemReader): Lot => ({
  tradeId: reader.text(LOT.tradeId),
  price: reader.decimal(LOT.price),
  quantity: reader.decimal(LOT.quantity),
  at: reader.whole(LOT.at),
});
