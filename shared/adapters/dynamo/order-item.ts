import type { OrderRecord } from '../../domain/decision.ts';
import type { Attributes } from './attributes.ts';
import { document, text, whole } from './attributes.ts';
import { readExitRules, writeExitRules } from './exit-rules-attributes.ts';
import { readOrder, readRef, writeOrder, writeRef } from './order-attributes.ts';
import type { StoredItem } from './stored-item.ts';
import { rulesAround } from './market-rules-attributes.ts';
import { ASSET_CLASSES, MODES } from './watch-attributes.ts';

export const ORDER_REVISION = 'revision';
const RECORD = { ref: 'rf', assetClass: 'ac', order: 'or', mode: 'mo', rules: 'xr', place: 'pl' } as const satisfies Record<Exclude<keyof OrderRecord, 'revision'>, string>;
const PLACES = ['IN_SLOT', 'CLOSED', 'TOMBSTONE'] as const satisfies readonly OrderRecord['place'][];

/** Writes an order record without its keys. @throws UnstorableNumberError */
export const writeOrderRecord = (record: OrderRecord): Attributes => ({
  [ORDER_REVISION]: whole(record.revision),
  [RECORD.ref]: document(writeRef(record.ref)),
  [RECORD.assetClass]: text(record.assetClass),
  [RECORD.order]: document(writeOrder(record.order)),
  [RECORD.mode]: text(record.mode),
  [RECORD.rules]: document(writeExitRules(record.rules, record.assetClass)),
  [RECORD.place]: text(record.place),
});

/** Reads an order record. @throws StoredItemError */
export const readOrderRecord = ({ reader }: StoredItem): OrderRecord => {
  const assetClass = reader.choice(RECORD.assetClass, ASSET_CLASSES);
  const order = readOrder(reader.document(RECORD.order));
  return {
    revision: reader.whole(ORDER_REVISION),
    ref: readRef(reader.document(RECORD.ref)),
    assetClass,
    order,
    mode: reader.choice(RECORD.mode, MODES),
    rules: readExitRules(reader.document(RECORD.rules), { assetClass, market: () => rulesAround(order.limit) }),
    place: reader.choice(RECORD.place, PLACES),
  };
};
