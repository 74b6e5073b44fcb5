// What Bybit's answers mean. Most have status 200 there and a code of their own; 0 is fine.
import * as z from 'zod';
import type { AnswerTable } from '../answer-table.ts';
import { answerRows } from '../answer-table.ts';
import { millisUntil } from '../venue-pauses.ts';

const ERRORS = 'https://bybit-exchange.github.io/docs/v5/error';
const LIMITS = 'https://bybit-exchange.github.io/docs/v5/rate-limit';

/** "403, access too frequent": no call for at least ten minutes. */
const BANNED = 403;
const BAN_MS = 600_000;

const FINE = [200, 200] as const;
const ORDERS = ['place', 'cancel', 'amend'] as const;

const complaint = z.object({ retCode: z.number().int(), retMsg: z.string() });

export const bybitAnswers: AnswerTable = {
  readOn: '2026-11-21',
  complaintOf: (body) => {
    const { data } = complaint.safeParse(body);
    return data === undefined || data.retCode === 0 ? null : { codes: [data.retCode.toString()], message: data.retMsg };
  },
  waitOf: (answer) => (answer.status === BANNED ? BAN_MS : millisUntil(answer.headers['x-bapi-limit-reset-timestamp'] ?? '', /^(\d{13})$/, answer)),
  rows: [
    // 110072, "OrderLinkedID is duplicate", stays unknown, as do 10000 (server timeout) and 10016 (server error).
    ...answerRows({ on: ['place'], status: FINE, means: 'REFUSED', source: ERRORS }, [
      ['10001', 'BAD_REQUEST'],
      ['110003', 'PRICE_BAND'],
      ['110004', 'INSUFFICIENT_FUNDS'],
      ['110006', 'INSUFFICIENT_FUNDS'],
      ['110007', 'INSUFFICIENT_FUNDS'],
      ['110009', 'TOO_MANY_STOPS'],
      ['110011', 'LIQUIDATION'],
      ['110012', 'INSUFFICIENT_FUNDS'],
      ['110017', 'REDUCE_ONLY'],
      ['110020', 'TOO_MANY_ORDERS'],
      ['110045', 'INSUFFICIENT_FUNDS'],
      ['110052', 'INSUFFICIENT_FUNDS'],
      ['110092', 'WOULD_TRIGGER'],
      ['110093', 'WOULD_TRIGGER'],
      ['110094', 'MIN_NOTIONAL'],
      ['170218', 'WOULD_CROSS'],
    ]),
    // Of an amendment 10001 is unknown: it is also said where nothing is left to change.
    ...answerRows({ on: ['amend'], status: FINE, means: 'REFUSED', source: ERRORS }, [
      ['110003', 'PRICE_BAND'],
      ['110004', 'INSUFFICIENT_FUNDS'],
      ['110007', 'INSUFFICIENT_FUNDS'],
      ['110017', 'REDUCE_ONLY'],
      ['110092', 'WOULD_TRIGGER'],
      ['110093', 'WOULD_TRIGGER'],
      ['110094', 'MIN_NOTIONAL'],
    ]),
    ...answerRows({ on: ['cancel', 'amend'], status: FINE, means: 'REFUSED', source: ERRORS }, [
      ['110001', 'ORDER_NOT_OPEN'],
      ['110008', 'ORDER_CLOSED'],
      ['110010', 'ORDER_CLOSED'],
    ]),
    ...answerRows({ on: ORDERS, status: FINE, means: 'REFUSED', source: ERRORS }, [
      ['10003', 'NOT_AUTHORISED'],
      ['10004', 'NOT_AUTHORISED'],
      ['10005', 'NOT_AUTHORISED'],
      ['10010', 'NOT_AUTHORISED'],
      ['33004', 'NOT_AUTHORISED'],
    ]),
    ...answerRows({ on: [...ORDERS, 'find', 'read'], status: FINE, means: 'NOT_SENT', source: ERRORS }, [
      ['10002', 'CLOCK_SKEW'],
      ['10006', 'RATE_LIMITED'],
      ['10018', 'RATE_LIMITED'],
    ]),
    ...answerRows({ on: [...ORDERS, 'find', 'read'], status: [BANNED, BANNED], means: 'NOT_SENT', source: LIMITS }, [['HTTP', 'BANNED']]),
    ...answerRows({ on: ORDERS, status: [429, 429], means: 'NOT_SENT', source: ERRORS }, [['HTTP', 'RATE_LIMITED']]),
  ],
};
