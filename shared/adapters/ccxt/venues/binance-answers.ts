// What Binance's answers to calls of the spot market mean, out of its own documentation.
import * as z from 'zod';
import type { AnswerTable, Complaint } from '../answer-table.ts';
import { answerRows } from '../answer-table.ts';
import { millisUntil } from '../venue-pauses.ts';

const ERRORS = 'https://developers.binance.com/docs/binance-spot-api-docs/errors';
const LIMITS = 'https://developers.binance.com/docs/binance-spot-api-docs/rest-api/limits';
const RETURN_CODES = 'https://developers.binance.com/docs/binance-spot-api-docs/rest-api/http-return-codes';

// 5xx is never certain there: "the execution status is UNKNOWN and could have been a success".
const CLIENT_SIDE = [400, 499] as const;
const ORDERS = ['place', 'cancel', 'amend'] as const;

const complaint = z.object({ code: z.number().int(), msg: z.string() });

/** Reads `{"code": -1121, "msg": "…"}`. */
export function binanceComplaint(body: unknown): Complaint | null {
  const { data } = complaint.safeParse(body);
  return data === undefined || data.code >= 0 ? null : { codes: [data.code.toString()], message: data.msg };
}

/** Reads the end of a ban, epoch milliseconds, out of "Way too much request weight used; IP banned until …". */
export const binanceWait: AnswerTable['waitOf'] = (answer, { message }) => millisUntil(message, /banned until (\d{13})/, answer);

export const binanceAnswers: AnswerTable = {
  readOn: '2026-11-21',
  complaintOf: binanceComplaint,
  waitOf: binanceWait,
  rows: [
    // -2010 with any other message, "Duplicate order sent." above all, is left unknown: the order it is about may be this one.
    ...answerRows({ on: ['place'], status: CLIENT_SIDE, means: 'REFUSED', source: ERRORS }, [
      ['-2010', 'INSUFFICIENT_FUNDS', 'insufficient balance'],
      ['-2010', 'WOULD_TRIGGER', 'would trigger immediately'],
      ['-2010', 'WOULD_CROSS', 'would immediately match and take'],
      ['-2010', 'MARKET_CLOSED', 'Market is closed'],
      ['-2010', 'NOT_ALLOWED', 'is not permitted'],
      ['-2010', 'NOT_ALLOWED', 'disabled on this account'],
      ['-1013', 'TICK_SIZE', 'PRICE_FILTER'],
      ['-1013', 'LOT_SIZE', 'LOT_SIZE'],
      ['-1013', 'MIN_NOTIONAL', 'NOTIONAL'],
      ['-1013', 'PRICE_BAND', 'PERCENT_PRICE'],
      ['-1013', 'TOO_MANY_PARTS', 'ICEBERG_PARTS'],
      ['-1013', 'BAD_REQUEST'],
      ['-1111', 'TICK_SIZE'],
      ['-1014', 'BAD_REQUEST'],
      ['-1121', 'UNKNOWN_SYMBOL'],
    ]),
    ...answerRows({ on: ORDERS, status: CLIENT_SIDE, means: 'REFUSED', source: ERRORS }, [
      ['-1002', 'NOT_AUTHORISED'],
      ['-1020', 'BAD_REQUEST'],
      ['-1022', 'NOT_AUTHORISED'],
      ['-1100', 'BAD_REQUEST'],
      ['-1101', 'BAD_REQUEST'],
      ['-1102', 'BAD_REQUEST'],
      ['-1103', 'BAD_REQUEST'],
      ['-1104', 'BAD_REQUEST'],
      ['-1105', 'BAD_REQUEST'],
      ['-1106', 'BAD_REQUEST'],
      ['-1108', 'BAD_REQUEST'],
      ['-1115', 'BAD_REQUEST'],
      ['-1116', 'BAD_REQUEST'],
      ['-1117', 'BAD_REQUEST'],
      ['-1130', 'BAD_REQUEST'],
      ['-1131', 'BAD_REQUEST'],
      ['-2014', 'NOT_AUTHORISED'],
      ['-2015', 'NOT_AUTHORISED'],
    ]),
    // One code for what is over and what never was.
    ...answerRows({ on: ['cancel'], status: CLIENT_SIDE, means: 'REFUSED', source: ERRORS }, [['-2011', 'ORDER_NOT_OPEN', 'Unknown order']]),
    ...answerRows({ on: ['find'], status: CLIENT_SIDE, means: 'ABSENT', source: ERRORS }, [['-2013', 'ORDER_UNKNOWN']]),
    ...answerRows({ on: [...ORDERS, 'find', 'read'], status: CLIENT_SIDE, means: 'NOT_SENT', source: ERRORS }, [
      ['-1003', 'BANNED', 'banned until'],
      ['-1003', 'RATE_LIMITED'],
      ['-1015', 'RATE_LIMITED'],
      ['-1021', 'CLOCK_SKEW'],
    ]),
    ...answerRows({ on: ORDERS, status: [429, 429], means: 'NOT_SENT', source: LIMITS }, [['HTTP', 'RATE_LIMITED']]),
    ...answerRows({ on: ORDERS, status: [418, 418], means: 'NOT_SENT', source: LIMITS }, [['HTTP', 'BANNED']]),
    ...answerRows({ on: [...ORDERS, 'find', 'read'], status: [403, 403], means: 'NOT_SENT', source: RETURN_CODES }, [['HTTP', 'FIREWALL']]),
  ],
};
