// What one run of reconcile leaves to the next, as one item of the account.
import type { ReconcileState } from '../../domain/reconcile-state.ts';
import type { Attributes } from './attributes.ts';
import { document, maybe, present, text, whole } from './attributes.ts';
import type { ItemReader } from './item-reader.ts';
import type { StoredItem } from './stored-item.ts';

export const RECONCILE_REVISION = 'revision';
const RECONCILE = { tradeCursor: 'tc', sightings: 'si', resumeAt: 'ra', at: 'at' } as const satisfies Record<
  Exclude<keyof ReconcileState, 'revision'>,
  string
>;

/** Writes the state without its keys. @throws UnstorableNumberError */
export const writeReconcile = (state: ReconcileState): Attributes =>
  present({
    [RECONCILE_REVISION]: whole(state.revision),
    [RECONCILE.tradeCursor]: maybe(state.tradeCursor, text),
    [RECONCILE.sightings]: document(Object.fromEntries(Object.entries(state.sightings).map(([key, at]) => [key, whole(at)]))),
    [RECONCILE.resumeAt]: maybe(state.resumeAt, text),
    [RECONCILE.at]: maybe(state.at, whole),
  });

/** Reads the state. @throws StoredItemError */
export const readReconcile = ({ reader }: StoredItem): ReconcileState => ({
  revision: reader.whole(RECONCILE_REVISION),
  tradeCursor: reader.textOrNull(RECONCILE.tradeCursor),
  sightings: readSightings(reader.document(RECONCILE.sightings)),
  resumeAt: reader.textOrNull(RECONCILE.resumeAt),
  at: reader.wholeOrNull(RECONCILE.at),
});

const readSightings = (reader: ItemReader): ReconcileState['sightings'] =>
  Object.fromEntries(reader.names().map((key) => [key, reader.whole(key)]));
