import type { CancelReason, Entry } from '../../domain/slot.ts';
import type { Attributes } from './attributes.ts';
import { decimal, document, maybe, present, text, whole } from './attributes.ts';
import type { ItemReader } from './item-reader.ts';
import { readAmendment, readOrder, readRef, writeAmendment, writeOrder, writeRef } from './order-attributes.ts';
import { readStealFacts, writeStealFacts } from './steal-attributes.ts';

export const ENTRY_STATUSES = ['NONE', 'WAITING', 'PLACING', 'WORKING', 'YIELDING', 'CANCELLING'] as const satisfies readonly Entry['status'][];
const CANCEL_REASONS = ['EXPIRED', 'WITHDRAWN', 'HALTED', 'REPLACED', 'EXITING', 'AUTO_EXIT', 'LATE_ARRIVAL', 'STALE', 'NEXT_PART'] as const satisfies readonly CancelReason[];

// The status itself stands in the slot's state, where conditions can see it.
const ENTRY = {
  limit: 'li',
  quantity: 'qt',
  needed: 'ne',
  hold: 'ho',
  classHold: 'ch',
  steal: 'st',
  order: 'or',
  amendment: 'am',
  attempts: 'at',
  thief: 'th',
  reason: 're',
} as const;

/** Writes what an entry has beside its status; null where that is nothing. */
export const writeEntry = (entry: Entry): Attributes | null => {
  switch (entry.status) {
    case 'NONE':
      return null;
    case 'WAITING':
      return {
        [ENTRY.limit]: decimal(entry.limit),
        [ENTRY.quantity]: decimal(entry.quantity),
        [ENTRY.needed]: decimal(entry.needed),
        [ENTRY.hold]: decimal(entry.hold),
        [ENTRY.classHold]: decimal(entry.classHold),
        [ENTRY.steal]: document(writeStealFacts(entry.steal)),
      };
    case 'PLACING':
      return { [ENTRY.order]: document(writeOrder(entry.order)) };
    case 'WORKING':
      return present({ ...writeLive(entry), ...writeAmended(entry) });
    case 'YIELDING':
      return present({ ...writeLive(entry), [ENTRY.thief]: document(writeRef(entry.thief)) });
    case 'CANCELLING':
      return present({ ...writeLive(entry), ...writeAmended(entry), [ENTRY.reason]: text(entry.reason) });
  }
};

type Live = Extract<Entry, { readonly attempts: number }>;
type Amended = Extract<Entry, { readonly status: 'WORKING' | 'CANCELLING' }>;

const writeLive = (entry: Live) => ({ [ENTRY.order]: document(writeOrder(entry.order)), [ENTRY.attempts]: whole(entry.attempts) });
const writeAmended = (entry: Amended) => ({ [ENTRY.amendment]: maybe(entry.amendment, (amendment) => document(writeAmendment(amendment))) });

/** Reads an entry of the status named. */
export const readEntry = (status: Entry['status'], reader: ItemReader): Entry => {
  switch (status) {
    case 'NONE':
      return { status };
    case 'WAITING':
      return {
        status,
        limit: reader.decimal(ENTRY.limit),
        quantity: reader.decimal(ENTRY.quantity),
        needed: reader.decimal(ENTRY.needed),
        hold: reader.decimal(ENTRY.hold),
        classHold: reader.decimal(ENTRY.classHold),
        steal: readStealFacts(reader.document(ENTRY.steal)),
      };
    case 'PLACING':
      return { status, order: readOrder(reader.document(ENTRY.order)) };
    case 'WORKING':
      return { status, ...readLive(reader), ...readAmended(reader) };
    case 'YIELDING':
      return { status, ...readLive(reader), thief: readRef(reader.document(ENTRY.thief)) };
    case 'CANCELLING':
      return { status, ...readLive(reader), ...readAmended(reader), reason: reader.choice(ENTRY.reason, CANCEL_REASONS) };
  }
};

const readLive = (reader: ItemReader) => ({ order: readOrder(reader.document(ENTRY.order)), attempts: reader.whole(ENTRY.attempts) });
const readAmended = (reader: ItemReader) => ({ amendment: reader.maybe(ENTRY.amendment, () => readAmendment(reader.document(ENTRY.amendment))) });
