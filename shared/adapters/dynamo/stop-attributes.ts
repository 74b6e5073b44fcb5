import type { ConstraintRefusal } from '../../domain/constraints.ts';
import type { FormerStop, Stop } from '../../domain/slot.ts';
import type { Attributes } from './attributes.ts';
import { document, maybe, present, text, whole } from './attributes.ts';
import type { ItemReader } from './item-reader.ts';
import { readAmendment, readOrder, writeAmendment, writeOrder } from './order-attributes.ts';

const STATUSES = ['NONE', 'WATCHED', 'PLACED', 'CANCELLING'] as const satisfies readonly Stop['status'][];
const REASONS = ['BELOW_MIN_QUANTITY', 'BELOW_MIN_NOTIONAL', 'PRICE_OUT_OF_BAND', 'REFUSED'] as const satisfies readonly (ConstraintRefusal | 'REFUSED')[];
const STOP = {
  status: 'ss',
  reason: 're',
  order: 'or',
  amendment: 'am',
  attempts: 'at',
  former: 'fo',
  breachedAt: 'ba',
} as const;
const FORMER = { order: 'or', attempts: 'at' } as const satisfies Record<keyof FormerStop, string>;

/** Writes a stop; null where there is none. */
export const writeStop = (stop: Stop): Attributes | null => {
  switch (stop.status) {
    case 'NONE':
      return null;
    case 'WATCHED':
      return { [STOP.status]: text(stop.status), [STOP.reason]: text(stop.reason) };
    case 'PLACED':
      return present({
        ...writeAtVenue(stop),
        [STOP.amendment]: maybe(stop.amendment, (amendment) => document(writeAmendment(amendment))),
        [STOP.breachedAt]: maybe(stop.breachedAt, whole),
      });
    case 'CANCELLING':
      return present(writeAtVenue(stop));
  }
};

/** Reads a stop. @throws StoredItemError */
export const readStop = (reader: ItemReader): Stop => {
  const status = reader.choice(STOP.status, STATUSES);
  switch (status) {
    case 'NONE':
      return { status };
    case 'WATCHED':
      return { status, reason: reader.choice(STOP.reason, REASONS) };
    case 'PLACED':
      return {
        status,
        ...readAtVenue(reader),
        amendment: reader.maybe(STOP.amendment, () => readAmendment(reader.document(STOP.amendment))),
        breachedAt: reader.wholeOrNull(STOP.breachedAt),
      };
    case 'CANCELLING':
      return { status, ...readAtVenue(reader) };
  }
};

const writeAtVenue = (stop: Extract<Stop, { readonly order: unknown }>) => ({
  [STOP.status]: text(stop.status),
  [STOP.order]: document(writeOrder(stop.order)),
  [STOP.attempts]: whole(stop.attempts),
  [STOP.former]: maybe(stop.former, (former) =>
    document({ [FORMER.order]: document(writeOrder(former.order)), [FORMER.attempts]: whole(former.attempts) }),
  ),
});

const readAtVenue = (reader: ItemReader) => ({
  order: readOrder(reader.document(STOP.order)),
  attempts: reader.whole(STOP.attempts),
  former: reader.maybe(STOP.former, () => readFormer(reader.document(STOP.former))),
});

const readFormer = (reader: ItemReader): FormerStop => ({
  order: readOrder(reader.document(FORMER.order)),
  attempts: reader.whole(FORMER.attempts),
});
