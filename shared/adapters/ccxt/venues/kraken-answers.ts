// What Kraken's answers mean. Every one has status 200 there; what counts is the list of errors.
import * as z from 'zod';
import type { AnswerTable } from '../answer-table.ts';
import { answerRows } from '../answer-table.ts';
import { millisUntil } from '../venue-pauses.ts';

const ERRORS = 'https://docs.kraken.com/exchange/guides/general/errors';
const ORDER = 'https://docs.kraken.com/api-reference/trading/add-order';
const LIMITS = 'https://docs.kraken.com/api/docs/guides/spot-ratelimits';

const FINE = [200, 200] as const;
const ORDERS = ['place', 'cancel', 'amend'] as const;

const complaint = z.object({ error: z.array(z.string()).min(1) });

/** Its throttle is written with a blank, and with the second at which it ends. */
const codeOf = (error: string): string => error.replace(/^(E[A-Za-z]+): /, '$1:').replace(/: ?\d{10,13}$/, '');

export const krakenAnswers: AnswerTable = {
  readOn: '2026-11-21',
  complaintOf: (body) => {
    const { data } = complaint.safeParse(body);
    return data === undefined ? null : { codes: data.error.map(codeOf), message: data.error.join(', ') };
  },
  waitOf: (answer, { message }) => millisUntil(message, /Throttled: ?(\d{10,13})/, answer),
  rows: [
    // EService:Unavailable, :Busy and :Timeout, EGeneral:Internal error and EGeneral:Invalid arguments without its field stay unknown.
    ...answerRows({ on: ['place', 'amend'], status: FINE, means: 'REFUSED', source: ERRORS }, [
      ['EOrder:Insufficient funds', 'INSUFFICIENT_FUNDS'],
      ['EOrder:Order minimum not met', 'MIN_QUANTITY'],
      ['EOrder:Cost minimum not met', 'MIN_NOTIONAL'],
      ['EOrder:Tick size check failed', 'TICK_SIZE'],
      ['EOrder:Invalid price', 'PRICE_BAND'],
      ['EOrder:Invalid price:Invalid price argument', 'PRICE_BAND'],
      ['EOrder:Post only order', 'WOULD_CROSS'],
      ['EOrder:Orders limit exceeded', 'TOO_MANY_ORDERS'],
      ['EOrder:Positions limit exceeded', 'POSITION_LIMIT'],
      ['EOrder:Trading agreement required', 'NOT_ALLOWED'],
      ['EGeneral:Invalid arguments:volume', 'LOT_SIZE'],
      ['EGeneral:Invalid arguments:volume minimum not met', 'MIN_QUANTITY'],
      ['EGeneral:Invalid arguments:price', 'TICK_SIZE'],
      ['EQuery:Unknown asset pair', 'UNKNOWN_SYMBOL'],
      ['EQuery:Invalid asset pair', 'UNKNOWN_SYMBOL'],
      ['EService:Market in cancel_only mode', 'MARKET_CLOSED'],
      ['EService:Market in limit_only mode', 'MARKET_CLOSED'],
      ['EService:Market in post_only mode', 'MARKET_CLOSED'],
      ['EService:Deadline elapsed', 'TOO_LATE'],
    ]),
    ...answerRows({ on: ['place'], status: FINE, means: 'REFUSED', source: ORDER }, [['EGeneral:Invalid arguments:displayvol', 'BAD_ICEBERG']]),
    ...answerRows({ on: ORDERS, status: FINE, means: 'REFUSED', source: ERRORS }, [
      ['EAPI:Invalid key', 'NOT_AUTHORISED'],
      ['EAPI:Invalid signature', 'NOT_AUTHORISED'],
      ['EGeneral:Permission denied', 'NOT_AUTHORISED'],
      ['EAccount:Invalid permissions', 'NOT_AUTHORISED'],
    ]),
    ...answerRows({ on: ['cancel', 'amend'], status: FINE, means: 'REFUSED', source: ERRORS }, [['EOrder:Unknown order', 'ORDER_NOT_OPEN']]),
    ...answerRows({ on: [...ORDERS, 'find', 'read'], status: FINE, means: 'NOT_SENT', source: LIMITS }, [
      ['EAPI:Rate limit exceeded', 'RATE_LIMITED'],
      ['EOrder:Rate limit exceeded', 'RATE_LIMITED'],
      ['EGeneral:Too many requests', 'RATE_LIMITED'],
      ['EService:Throttled', 'RATE_LIMITED'],
    ]),
    ...answerRows({ on: [...ORDERS, 'find', 'read'], status: FINE, means: 'NOT_SENT', source: ERRORS }, [
      ['EAPI:Invalid nonce', 'CLOCK_SKEW'],
      ['EGeneral:Temporary lockout', 'BANNED'],
    ]),
    ...answerRows({ on: ORDERS, status: [429, 429], means: 'NOT_SENT', source: LIMITS }, [['HTTP', 'RATE_LIMITED']]),
  ],
};
