import type { Action, Intent, TimeInForce } from '../../domain/action.ts';
import type { Attributes } from './attributes.ts';
import { decimal, document, flag, maybe, present, text, whole } from './attributes.ts';
import type { ItemReader } from './item-reader.ts';
import { PURPOSES, readRef, writeRef } from './order-attributes.ts';
import type { StoredItem } from './stored-item.ts';
import { ACTION_PREFIX } from './table-keys.ts';
import { ASSET_CLASSES, SIDES } from './watch-attributes.ts';

/** Attributes of an action that conditions name. */
export const ACTION_STATE = 'state';
export const ACTION_NOT_SENT = 'notSent';

const ACTION = {
  clientOrderId: 'oi',
  purpose: 'pu',
  ref: 'rf',
  assetClass: 'ac',
  intent: 'in',
  plannedAt: 'pa',
  sentAt: 'sa',
  validUntil: 'vu',
} as const satisfies Record<Exclude<keyof Action, 'id' | 'state' | 'notSent'>, string>;
const INTENT = { kind: 'k', side: 'sd', quantity: 'qt', limit: 'li', stopPrice: 'sp', timeInForce: 'tf', shown: 'sh', reduceOnly: 'ro' } as const;
const KINDS = ['PLACE', 'CANCEL', 'AMEND'] as const satisfies readonly Intent['kind'][];
const TIMES_IN_FORCE = ['GTC', 'IOC', 'POST_ONLY'] as const satisfies readonly TimeInForce[];
const STATES = ['PLANNED', 'SENT'] as const satisfies readonly Action['state'][];

/** Writes an action without its keys. @throws UnstorableNumberError */
export const writeAction = (action: Action): Attributes =>
  present({
    [ACTION_STATE]: text(action.state),
    [ACTION_NOT_SENT]: whole(action.notSent),
    [ACTION.clientOrderId]: text(action.clientOrderId),
    [ACTION.purpose]: text(action.purpose),
    [ACTION.ref]: document(writeRef(action.ref)),
    [ACTION.assetClass]: text(action.assetClass),
    [ACTION.intent]: document(writeIntent(action.intent)),
    [ACTION.plannedAt]: whole(action.plannedAt),
    [ACTION.sentAt]: maybe(action.sentAt, whole),
    [ACTION.validUntil]: maybe(action.validUntil, whole),
  });

/** Reads an action. @throws StoredItemError */
export const readAction = ({ sortKey, reader }: StoredItem): Action => ({
  id: sortKey.slice(ACTION_PREFIX.length),
  state: reader.choice(ACTION_STATE, STATES),
  notSent: reader.whole(ACTION_NOT_SENT),
  clientOrderId: reader.text(ACTION.clientOrderId),
  purpose: reader.choice(ACTION.purpose, PURPOSES),
  ref: readRef(reader.document(ACTION.ref)),
  assetClass: reader.choice(ACTION.assetClass, ASSET_CLASSES),
  intent: readIntent(reader.document(ACTION.intent)),
  plannedAt: reader.whole(ACTION.plannedAt),
  sentAt: reader.wholeOrNull(ACTION.sentAt),
  validUntil: reader.wholeOrNull(ACTION.validUntil),
});

const writeIntent = (intent: Intent): Attributes => {
  switch (intent.kind) {
    case 'PLACE':
      return present({
        [INTENT.kind]: text(intent.kind),
        [INTENT.side]: text(intent.side),
        [INTENT.quantity]: decimal(intent.quantity),
        [INTENT.limit]: maybe(intent.limit, decimal),
        [INTENT.stopPrice]: maybe(intent.stopPrice, decimal),
        [INTENT.timeInForce]: text(intent.timeInForce),
        [INTENT.shown]: maybe(intent.shown, decimal),
        [INTENT.reduceOnly]: flag(intent.reduceOnly),
      });
    case 'CANCEL':
      return { [INTENT.kind]: text(intent.kind) };
    case 'AMEND':
      return present({
        [INTENT.kind]: text(intent.kind),
        [INTENT.quantity]: decimal(intent.quantity),
        [INTENT.limit]: maybe(intent.limit, decimal),
        [INTENT.stopPrice]: maybe(intent.stopPrice, decimal),
      });
  }
};

const readIntent = (reader: ItemReader): Intent => {
  const kind = reader.choice(INTENT.kind, KINDS);
  switch (kind) {
    case 'PLACE':
      return {
        kind,
        side: reader.choice(INTENT.side, SIDES),
        quantity: reader.decimal(INTENT.quantity),
        limit: reader.decimalOrNull(INTENT.limit),
        stopPrice: reader.decimalOrNull(INTENT.stopPrice),
        timeInForce: reader.choice(INTENT.timeInForce, TIMES_IN_FORCE),
        shown: reader.decimalOrNull(INTENT.shown),
        reduceOnly: reader.flag(INTENT.reduceOnly),
      };
    case 'CANCEL':
      return { kind };
    case 'AMEND':
      return {
        kind,
        quantity: reader.decimal(INTENT.quantity),
        limit: reader.decimalOrNull(INTENT.limit),
        stopPrice: reader.decimalOrNull(INTENT.stopPrice),
      };
  }
};
