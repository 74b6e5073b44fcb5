// What Alpaca's answers to calls about crypto mean. Its codes are broad, so that what counts is mostly the message.
import * as z from 'zod';
import type { AnswerTable } from '../answer-table.ts';
import { answerRows } from '../answer-table.ts';
import { millisUntil } from '../venue-pauses.ts';

const ORDERS_PAGE = 'https://docs.alpaca.markets/reference/postorder';
const CRYPTO = 'https://docs.alpaca.markets/docs/crypto-trading';
const COMMON = 'https://alpaca.markets/learn/how-to-fix-common-trading-api-errors-at-alpaca';
const CANCEL = 'https://docs.alpaca.markets/reference/deleteorderbyorderid';
const FIND = 'https://docs.alpaca.markets/reference/getorderbyclientorderid';
const LIMITS = 'https://alpaca.markets/support/usage-limit-api-calls';

const CLIENT_SIDE = [400, 499] as const;
const ORDERS = ['place', 'cancel', 'amend'] as const;

const complaint = z.object({ code: z.number().int().optional(), message: z.string() });

export const alpacaCryptoAnswers: AnswerTable = {
  readOn: '2026-11-21',
  complaintOf: (body) => {
    const { data } = complaint.safeParse(body);
    return data === undefined ? null : { codes: data.code === undefined ? [] : [data.code.toString()], message: data.message };
  },
  waitOf: (answer) => millisUntil(answer.headers['x-ratelimit-reset'] ?? '', /^(\d{10})$/, answer),
  rows: [
    // 40010001 and 42210000 with other words stay unknown: "client_order_id must be unique" is among them.
    ...answerRows({ on: ['place'], status: CLIENT_SIDE, means: 'REFUSED', source: COMMON }, [
      ['40310000', 'INSUFFICIENT_FUNDS', 'insufficient balance'],
      ['40310000', 'INSUFFICIENT_FUNDS', 'insufficient buying power'],
      ['40310000', 'NOT_ALLOWED', 'rejected by user request'],
    ]),
    ...answerRows({ on: ['place'], status: CLIENT_SIDE, means: 'REFUSED', source: CRYPTO }, [
      ['40310000', 'MIN_NOTIONAL', 'cost basis must be'],
      ['40010001', 'BAD_REQUEST', 'invalid order type'],
      ['42210000', 'BAD_REQUEST', 'time_in_force'],
      ['42210000', 'TICK_SIZE', 'price increment'],
      ['42210000', 'LOT_SIZE', 'qty increment'],
      ['42210000', 'MIN_QUANTITY', 'minimal qty'],
    ]),
    ...answerRows({ on: ['place'], status: CLIENT_SIDE, means: 'REFUSED', source: ORDERS_PAGE }, [
      ['42210000', 'WOULD_TRIGGER', 'stop price must'],
      ['42210000', 'UNKNOWN_SYMBOL', 'asset'],
    ]),
    ...answerRows({ on: ['cancel'], status: CLIENT_SIDE, means: 'REFUSED', source: CANCEL }, [
      ['40410000', 'ORDER_UNKNOWN'],
      ['42210000', 'ORDER_CLOSED', 'already in'],
    ]),
    ...answerRows({ on: ['find'], status: [404, 404], means: 'ABSENT', source: FIND }, [['40410000', 'ORDER_UNKNOWN']]),
    ...answerRows({ on: ORDERS, status: [401, 401], means: 'REFUSED', source: COMMON }, [['HTTP', 'NOT_AUTHORISED']]),
    ...answerRows({ on: ORDERS, status: [429, 429], means: 'NOT_SENT', source: LIMITS }, [['HTTP', 'RATE_LIMITED']]),
  ],
};
