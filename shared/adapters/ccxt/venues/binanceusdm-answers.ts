// What Binance's answers to calls of the USD-margined futures market mean, out of its own documentation.
import type { AnswerTable } from '../answer-table.ts';
import { answerRows } from '../answer-table.ts';
import { binanceComplaint, binanceWait } from './binance-answers.ts';

const ERRORS = 'https://developers.binance.com/docs/derivatives/usds-margined-futures/error-code';
const GENERAL = 'https://developers.binance.com/docs/derivatives/usds-margined-futures/general-info';

// 408, 503 and the other 5xx leave the execution unknown there, but for words that are not worth trusting an order to.
const CLIENT_SIDE = [400, 499] as const;
const ORDERS = ['place', 'cancel', 'amend'] as const;

export const binanceusdmAnswers: AnswerTable = {
  readOn: '2026-11-21',
  complaintOf: binanceComplaint,
  waitOf: binanceWait,
  rows: [
    // -4116, "ClientOrderId is duplicated.", is left unknown: the order that has the id may be this one.
    ...answerRows({ on: ['place'], status: CLIENT_SIDE, means: 'REFUSED', source: ERRORS }, [
      ['-2018', 'INSUFFICIENT_FUNDS'],
      ['-2019', 'INSUFFICIENT_FUNDS'],
      ['-2020', 'UNFILLABLE'],
      ['-2023', 'LIQUIDATION'],
      ['-2024', 'REDUCE_ONLY'],
      ['-2027', 'POSITION_LIMIT'],
      ['-2028', 'POSITION_LIMIT'],
      ['-4045', 'TOO_MANY_STOPS'],
      ['-4061', 'BAD_REQUEST'],
      ['-5021', 'UNFILLABLE'],
      ['-5022', 'WOULD_CROSS'],
    ]),
    ...answerRows({ on: ['place', 'amend'], status: CLIENT_SIDE, means: 'REFUSED', source: ERRORS }, [
      ['-1111', 'TICK_SIZE'],
      ['-1121', 'UNKNOWN_SYMBOL'],
      ['-2021', 'WOULD_TRIGGER'],
      ['-2022', 'REDUCE_ONLY'],
      ['-4001', 'PRICE_BAND'],
      ['-4002', 'PRICE_BAND'],
      ['-4003', 'MIN_QUANTITY'],
      ['-4004', 'MIN_QUANTITY'],
      ['-4005', 'MAX_QUANTITY'],
      ['-4013', 'PRICE_BAND'],
      ['-4014', 'TICK_SIZE'],
      ['-4015', 'BAD_CLIENT_ORDER_ID'],
      ['-4016', 'PRICE_BAND'],
      ['-4023', 'LOT_SIZE'],
      ['-4024', 'PRICE_BAND'],
      ['-4131', 'PRICE_BAND'],
      ['-4164', 'MIN_NOTIONAL'],
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
      ['-1115', 'BAD_REQUEST'],
      ['-1116', 'BAD_REQUEST'],
      ['-1117', 'BAD_REQUEST'],
      ['-1130', 'BAD_REQUEST'],
      ['-2014', 'NOT_AUTHORISED'],
      ['-2015', 'NOT_AUTHORISED'],
    ]),
    // -5027, "No need to modify the order.", is left unknown: whoever looks finds the terms that were wanted.
    ...answerRows({ on: ['amend'], status: CLIENT_SIDE, means: 'REFUSED', source: ERRORS }, [
      ['-2013', 'ORDER_NOT_OPEN'],
      ['-5025', 'NOT_AMENDABLE'],
      ['-5026', 'NOT_AMENDABLE'],
    ]),
    ...answerRows({ on: ['cancel'], status: CLIENT_SIDE, means: 'REFUSED', source: ERRORS }, [['-2011', 'ORDER_NOT_OPEN', 'Unknown order']]),
    ...answerRows({ on: ['find'], status: CLIENT_SIDE, means: 'ABSENT', source: ERRORS }, [['-2013', 'ORDER_UNKNOWN']]),
    ...answerRows({ on: [...ORDERS, 'find', 'read'], status: CLIENT_SIDE, means: 'NOT_SENT', source: ERRORS }, [
      ['-1003', 'BANNED', 'banned until'],
      ['-1003', 'RATE_LIMITED'],
      ['-1015', 'RATE_LIMITED'],
      ['-1021', 'CLOCK_SKEW'],
    ]),
    ...answerRows({ on: ORDERS, status: [429, 429], means: 'NOT_SENT', source: GENERAL }, [['HTTP', 'RATE_LIMITED']]),
    ...answerRows({ on: ORDERS, status: [418, 418], means: 'NOT_SENT', source: GENERAL }, [['HTTP', 'BANNED']]),
    ...answerRows({ on: [...ORDERS, 'find', 'read'], status: [403, 403], means: 'NOT_SENT', source: GENERAL }, [['HTTP', 'FIREWALL']]),
  ],
};
