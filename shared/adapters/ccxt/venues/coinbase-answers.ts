// What Coinbase's answers mean (Advanced Trade). A failure has status 200 there too, and says why in one of several places.
import * as z from 'zod';
import type { AnswerTable } from '../answer-table.ts';
import { answerRows } from '../answer-table.ts';

const CREATE = 'https://docs.cdp.coinbase.com/api-reference/advanced-trade-api/rest-api/orders/create-order';
const CANCEL = 'https://docs.cdp.coinbase.com/api-reference/advanced-trade-api/rest-api/orders/cancel-order';
const EDIT = 'https://docs.cdp.coinbase.com/api-reference/advanced-trade-api/rest-api/orders/edit-order';
const ERRORS = 'https://docs.cdp.coinbase.com/coinbase-app/docs/status-codes';
const LIMITS = 'https://docs.cdp.coinbase.com/coinbase-app/advanced-trade-apis/guides/rate-limits';

const FINE = [200, 200] as const;
const ORDERS = ['place', 'cancel', 'amend'] as const;

const reason = z.string().default('');
const created = z.object({
  success: z.literal(false),
  error_response: z.object({ error: reason, message: reason, preview_failure_reason: reason, new_order_failure_reason: reason }),
});
const cancelled = z.object({ results: z.array(z.object({ success: z.boolean(), failure_reason: reason })).min(1) });
const edited = z.object({ success: z.literal(false), errors: z.array(z.object({ edit_failure_reason: reason, preview_failure_reason: reason })).min(1) });
const failed = z.object({ error: z.string(), message: reason });

const NONE: ReadonlySet<string> = new Set(['', 'UNKNOWN_PREVIEW_FAILURE_REASON', 'UNKNOWN_CANCEL_FAILURE_REASON', 'UNKNOWN_EDIT_ORDER_FAILURE_REASON']);
const told = (...words: readonly string[]): readonly string[] => words.filter((word) => !NONE.has(word));

const readings = z.union([
  created.transform(({ error_response: { error, message, preview_failure_reason, new_order_failure_reason } }) =>
    ({ codes: told(preview_failure_reason, new_order_failure_reason, error), message })),
  cancelled.transform(({ results }) => ({ codes: told(...results.filter(({ success }) => !success).map((result) => result.failure_reason)), message: '' })),
  edited.transform(({ errors }) => ({ codes: told(...errors.flatMap((error) => [error.edit_failure_reason, error.preview_failure_reason])), message: '' })),
  failed.transform(({ error, message }) => ({ codes: told(error), message })),
]);

export const coinbaseAnswers: AnswerTable = {
  readOn: '2026-11-21',
  complaintOf: (body) => {
    const { data } = readings.safeParse(body);
    return data === undefined || data.codes.length === 0 ? null : data;
  },
  waitOf: () => null,
  rows: [
    // UNKNOWN_FAILURE_REASON and COMMANDER_REJECTED_NEW_ORDER without a reason of their own stay unknown.
    ...answerRows({ on: ['place'], status: FINE, means: 'REFUSED', source: CREATE }, [
      ['INSUFFICIENT_FUND', 'INSUFFICIENT_FUNDS'],
      ['PREVIEW_INSUFFICIENT_FUND', 'INSUFFICIENT_FUNDS'],
      ['UNSUPPORTED_ORDER_CONFIGURATION', 'BAD_REQUEST'],
      ['INVALID_SIDE', 'BAD_REQUEST'],
      ['INVALID_REQUEST', 'BAD_REQUEST'],
      ['INVALID_PRODUCT_ID', 'UNKNOWN_SYMBOL'],
      ['INELIGIBLE_PAIR', 'UNKNOWN_SYMBOL'],
      ['INVALID_SIZE_PRECISION', 'LOT_SIZE'],
      ['PREVIEW_INVALID_BASE_SIZE_PRECISION', 'LOT_SIZE'],
      ['INVALID_PRICE_PRECISION', 'TICK_SIZE'],
      ['PREVIEW_INVALID_PRICE_PRECISION', 'TICK_SIZE'],
      ['PREVIEW_INVALID_LIMIT_PRICE', 'PRICE_BAND'],
      ['INVALID_LIMIT_PRICE', 'PRICE_BAND'],
      ['INVALID_LIMIT_PRICE_POST_ONLY', 'WOULD_CROSS'],
      ['PREVIEW_INVALID_LIMIT_PRICE_POST_ONLY', 'WOULD_CROSS'],
      ['INVALID_NO_LIQUIDITY', 'UNFILLABLE'],
      ['ORDER_ENTRY_DISABLED', 'MARKET_CLOSED'],
      ['PREVIEW_INVALID_BASE_SIZE_TOO_SMALL', 'MIN_QUANTITY'],
      ['PREVIEW_INVALID_QUOTE_SIZE_TOO_SMALL', 'MIN_NOTIONAL'],
      ['PREVIEW_STOP_PRICE_ABOVE_LAST_TRADE_PRICE', 'WOULD_TRIGGER'],
      ['PREVIEW_STOP_PRICE_BELOW_LAST_TRADE_PRICE', 'WOULD_TRIGGER'],
    ]),
    ...answerRows({ on: ['cancel'], status: FINE, means: 'REFUSED', source: CANCEL }, [
      ['UNKNOWN_CANCEL_ORDER', 'ORDER_UNKNOWN'],
      ['INVALID_CANCEL_REQUEST', 'ORDER_CLOSED'],
      ['ORDER_IS_FULLY_FILLED', 'ORDER_CLOSED'],
    ]),
    ...answerRows({ on: ['amend'], status: FINE, means: 'REFUSED', source: EDIT }, [
      ['CANNOT_EDIT_TO_BELOW_FILLED_SIZE', 'QUANTITY_ALREADY_FILLED'],
      ['ORDER_NOT_FOUND', 'ORDER_UNKNOWN'],
      ['ORDER_IS_NOT_OPEN', 'ORDER_CLOSED'],
      ['ONLY_LIMIT_ORDER_EDITS_SUPPORTED', 'NOT_AMENDABLE'],
      ['ORDER_TYPE_CANNOT_BE_EDITED', 'NOT_AMENDABLE'],
      ['PREVIEW_INVALID_PRICE_PRECISION', 'TICK_SIZE'],
      ['PREVIEW_INSUFFICIENT_FUND', 'INSUFFICIENT_FUNDS'],
    ]),
    ...answerRows({ on: ORDERS, status: [401, 401], means: 'REFUSED', source: ERRORS }, [['HTTP', 'NOT_AUTHORISED']]),
    ...answerRows({ on: ORDERS, status: [403, 403], means: 'REFUSED', source: ERRORS }, [['HTTP', 'NOT_AUTHORISED']]),
    ...answerRows({ on: ORDERS, status: [400, 400], means: 'REFUSED', source: ERRORS }, [['INVALID_ARGUMENT', 'BAD_REQUEST']]),
    ...answerRows({ on: ORDERS, status: [429, 429], means: 'NOT_SENT', source: LIMITS }, [['HTTP', 'RATE_LIMITED']]),
  ],
};
