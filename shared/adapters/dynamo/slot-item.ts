// A slot as one item. What conditions ask for stands at the top under its full name, the rest is short.
import type { Parts, PendingPlan, Slot, SlotRef } from '../../domain/slot.ts';
import type { Attributes } from './attributes.ts';
import { amount, document, flag, maybe, present, text, whole } from './attributes.ts';
import { ENTRY_STATUSES, readEntry, writeEntry } from './entry-attributes.ts';
import { ItemReader, StoredItemError } from './item-reader.ts';
import { POSITION_STATUSES, readPosition, writePosition } from './position-attributes.ts';
import type { StoredItem } from './stored-item.ts';
import { slotRefOf } from './table-keys.ts';
import { ASSET_CLASSES, SIDES, readWatch, writeWatch } from './watch-attributes.ts';

/** Attributes of a slot that conditions name. */
export const SLOT_STATE = 'state';
export const SLOT_FENCE = 'fence';
export const SLOT_WATCH_VERSION = 'watchVersion';
export const SLOT_REVISION = 'revision';

const SLOT = {
  assetClass: 'ac',
  planVersions: 'pv',
  watch: 'wa',
  pending: 'pe',
  entry: 'en',
  position: 'po',
  parts: 'pt',
  attempts: 'at',
  lastStolen: 'ls',
  dust: 'du',
  triggered: 'tg',
} as const satisfies Record<Exclude<keyof Slot, 'symbol' | 'slot' | 'fence' | 'watchVersion' | 'revision'>, string>;
const ATTEMPTS = { day: 'd', count: 'c', refused: 'r' } as const satisfies Record<keyof Slot['attempts'], string>;
const STOLEN = { at: 'at', cooldownSeconds: 'cs' } as const satisfies Record<keyof NonNullable<Slot['lastStolen']>, string>;
const PARTS = { side: 'sd', startedAt: 'sa', fromFence: 'ff', filled: 'fq', isOver: 'ov' } as const satisfies Record<keyof Parts, string>;
const PENDING_WATCH = 'wa';

/** What entry and position are doing, as conditions compare it: `WORKING/FLAT`. */
export const slotState = (slot: Slot): string => `${slot.entry.status}/${slot.position.status}`;

/** Writes a slot without its keys. @throws UnstorableNumberError */
export const writeSlot = (slot: Slot): Attributes =>
  present({
    [SLOT_STATE]: text(slotState(slot)),
    [SLOT_FENCE]: whole(slot.fence),
    [SLOT_WATCH_VERSION]: whole(slot.watchVersion),
    [SLOT_REVISION]: whole(slot.revision),
    [SLOT.assetClass]: text(slot.assetClass),
    [SLOT.planVersions]: document(Object.fromEntries(Object.entries(slot.planVersions).map(([name, version]) => [name, whole(version)]))),
    [SLOT.watch]: maybe(slot.watch, (watch) => document(writeWatch(watch))),
    [SLOT.pending]: maybe(slot.pending, (pending) => document(writePending(pending))),
    [SLOT.entry]: maybe(writeEntry(slot.entry), document),
    [SLOT.position]: maybe(writePosition(slot.position, slot), document),
    [SLOT.parts]: maybe(slot.parts, (parts) => document(writeParts(parts))),
    [SLOT.attempts]: document({
      [ATTEMPTS.day]: text(slot.attempts.day),
      [ATTEMPTS.count]: whole(slot.attempts.count),
      [ATTEMPTS.refused]: whole(slot.attempts.refused),
    }),
    [SLOT.lastStolen]: maybe(slot.lastStolen, (stolen) =>
      document({ [STOLEN.at]: whole(stolen.at), [STOLEN.cooldownSeconds]: whole(stolen.cooldownSeconds) }),
    ),
    [SLOT.dust]: amount(slot.dust),
    [SLOT.triggered]: maybe(slot.triggered, text),
  });

/** Reads a slot. @throws StoredItemError */
export const readSlot = ({ sortKey, reader }: StoredItem): Slot => {
  const ref = slotRefOf(sortKey);
  const assetClass = reader.choice(SLOT.assetClass, ASSET_CLASSES);
  const owner = { ...ref, assetClass };
  const watch = reader.maybe(SLOT.watch, () => readWatch(reader.document(SLOT.watch), owner));
  const [entryStatus, positionStatus] = readState(reader, sortKey);
  return {
    ...owner,
    revision: reader.whole(SLOT_REVISION),
    fence: reader.whole(SLOT_FENCE),
    watchVersion: reader.whole(SLOT_WATCH_VERSION),
    planVersions: readPlanVersions(reader.document(SLOT.planVersions)),
    watch,
    pending: reader.maybe(SLOT.pending, () => readPending(reader.document(SLOT.pending), owner)),
    entry: readEntry(entryStatus, optionalDocument(reader, SLOT.entry)),
    position: readPosition(positionStatus, optionalDocument(reader, SLOT.position), { assetClass, watch }),
    parts: reader.maybe(SLOT.parts, () => readParts(reader.document(SLOT.parts))),
    attempts: readAttempts(reader.document(SLOT.attempts)),
    lastStolen: reader.maybe(SLOT.lastStolen, () => readStolen(reader.document(SLOT.lastStolen))),
    dust: reader.amount(SLOT.dust),
    triggered: reader.textOrNull(SLOT.triggered),
  };
};

const readState = (reader: ItemReader, sortKey: string) => {
  const [entry, position] = reader.text(SLOT_STATE).split('/');
  const entryStatus = ENTRY_STATUSES.find((status) => status === entry);
  const positionStatus = POSITION_STATUSES.find((status) => status === position);
  if (entryStatus === undefined || positionStatus === undefined) throw new StoredItemError(`${sortKey}.${SLOT_STATE}`, 'two known statuses');
  return [entryStatus, positionStatus] as const;
};

const optionalDocument = (reader: ItemReader, name: string): ItemReader =>
  reader.has(name) ? reader.document(name) : new ItemReader({}, name);

const readPlanVersions = (reader: ItemReader): Slot['planVersions'] =>
  Object.fromEntries(reader.names().map((strategy) => [strategy, reader.whole(strategy)]));

const writeParts = (parts: Parts): Attributes =>
  present({
    [PARTS.side]: text(parts.side),
    [PARTS.startedAt]: whole(parts.startedAt),
    [PARTS.fromFence]: whole(parts.fromFence),
    [PARTS.filled]: amount(parts.filled),
    [PARTS.isOver]: parts.isOver ? flag(true) : null,
  });

const readParts = (reader: ItemReader): Parts => ({
  side: reader.choice(PARTS.side, SIDES),
  startedAt: reader.whole(PARTS.startedAt),
  fromFence: reader.whole(PARTS.fromFence),
  filled: reader.amount(PARTS.filled),
  isOver: reader.has(PARTS.isOver),
});

const readAttempts = (reader: ItemReader): Slot['attempts'] => ({
  day: reader.text(ATTEMPTS.day),
  count: reader.whole(ATTEMPTS.count),
  refused: reader.whole(ATTEMPTS.refused),
});

const readStolen = (reader: ItemReader): NonNullable<Slot['lastStolen']> => ({
  at: reader.whole(STOLEN.at),
  cooldownSeconds: reader.whole(STOLEN.cooldownSeconds),
});

const writePending = (pending: PendingPlan): Attributes => {
  switch (pending.kind) {
    case 'WATCH':
      return { [PENDING_WATCH]: document(writeWatch(pending.watch)) };
    case 'WITHDRAWN':
      return {};
  }
};

const readPending = (reader: ItemReader, owner: SlotRef & Pick<Slot, 'assetClass'>): PendingPlan =>
  reader.has(PENDING_WATCH) ? { kind: 'WATCH', watch: readWatch(reader.document(PENDING_WATCH), owner) } : { kind: 'WITHDRAWN' };
