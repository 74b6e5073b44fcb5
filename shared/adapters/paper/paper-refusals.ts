// The answers of the paper venue by which a call surely changed nothing. Whatever is not listed is UNKNOWN (EX-9).
import type { RefusalCode } from './venue-model.ts';

type Listed = RefusalCode | 'BAD_REQUEST';

const SHAPE: readonly Listed[] = [
  'BAD_REQUEST', 'TICK_SIZE', 'LOT_SIZE', 'MIN_QUANTITY', 'MIN_NOTIONAL', 'PRICE_BAND', 'REDUCE_ONLY', 'WOULD_TRIGGER',
  'WOULD_CROSS', 'NO_ICEBERGS', 'INSUFFICIENT_FUNDS',
];

/** Refusals by call. A taken client order id is not among them: the order that has it may be this very one. */
export const REFUSALS: Readonly<Record<'place' | 'cancel' | 'amend', readonly string[]>> = {
  place: [...SHAPE, 'UNKNOWN_SYMBOL', 'NO_PRICE'],
  cancel: ['ORDER_UNKNOWN', 'ORDER_CLOSED'],
  amend: [...SHAPE, 'ORDER_UNKNOWN', 'ORDER_CLOSED', 'NOT_AMENDABLE', 'QUANTITY_ALREADY_FILLED'],
};
