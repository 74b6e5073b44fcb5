// What OKX's answers mean. The code of an order call is that of its one item; that of the whole says only that it failed.
import * as z from 'zod';
import type { AnswerTable } from '../answer-table.ts';
import { answerRows } from '../answer-table.ts';

const ERRORS = 'https://www.okx.com/docs-v5/en/#error-code';
const LIMITS = 'https://www.okx.com/docs-v5/en/#overview-rate-limits';

const ANY = [200, 499] as const;
const ORDERS = ['place', 'cancel', 'amend'] as const;

const item = z.object({ sCode: z.string().default('0'), sMsg: z.string().default('') });
const complaint = z.object({ code: z.string(), msg: z.string().default(''), data: z.array(item).catch([]) });
/** All is well; everything failed; some of it failed. */
const FINE_OR_VAGUE: ReadonlySet<string> = new Set(['0', '1', '2']);

export const okxAnswers: AnswerTable = {
  readOn: '2026-11-21',
  complaintOf: (body) => {
    const { data } = complaint.safeParse(body);
    if (data === undefined) return null;
    const said = [...data.data.map(({ sCode, sMsg }) => [sCode, sMsg] as const), [data.code, data.msg] as const];
    const wrong = said.filter(([code]) => !FINE_OR_VAGUE.has(code));
    return wrong.length === 0 ? null : { codes: wrong.map(([code]) => code), message: wrong[0]?.[1] ?? '' };
  },
  waitOf: () => null,
  rows: [
    // 51016 and 51065, ids that are taken, stay unknown; so do 50001, 50004, 50013 and 50026, a venue that is unwell.
    ...answerRows({ on: ['place'], status: ANY, means: 'REFUSED', source: ERRORS }, [
      ['51001', 'UNKNOWN_SYMBOL'],
      ['51015', 'UNKNOWN_SYMBOL'],
      ['51019', 'NOT_ALLOWED'],
      ['51021', 'MARKET_CLOSED'],
      ['51022', 'MARKET_CLOSED'],
      ['51023', 'REDUCE_ONLY'],
    ]),
    ...answerRows({ on: ['place', 'amend'], status: ANY, means: 'REFUSED', source: ERRORS }, [
      ['51000', 'BAD_REQUEST'],
      ['51005', 'MAX_QUANTITY'],
      ['51006', 'PRICE_BAND'],
      ['51008', 'INSUFFICIENT_FUNDS'],
      ['51020', 'MIN_QUANTITY'],
      ['51119', 'INSUFFICIENT_FUNDS'],
      ['51121', 'LOT_SIZE'],
      ['51127', 'INSUFFICIENT_FUNDS'],
      ['51131', 'INSUFFICIENT_FUNDS'],
      ['51137', 'PRICE_BAND'],
      ['51138', 'PRICE_BAND'],
      ['51278', 'WOULD_TRIGGER'],
      ['51280', 'WOULD_TRIGGER'],
    ]),
    ...answerRows({ on: ['cancel', 'amend'], status: ANY, means: 'REFUSED', source: ERRORS }, [
      ['51400', 'ORDER_NOT_OPEN'],
      ['51401', 'ORDER_CLOSED'],
      ['51402', 'ORDER_CLOSED'],
      ['51503', 'ORDER_NOT_OPEN'],
      ['51509', 'ORDER_CLOSED'],
      ['51510', 'ORDER_CLOSED'],
    ]),
    ...answerRows({ on: ORDERS, status: ANY, means: 'REFUSED', source: ERRORS }, [
      ['50100', 'NOT_AUTHORISED'],
      ['50101', 'NOT_AUTHORISED'],
      ['50103', 'NOT_AUTHORISED'],
      ['50105', 'NOT_AUTHORISED'],
      ['50110', 'NOT_AUTHORISED'],
      ['50111', 'NOT_AUTHORISED'],
      ['50113', 'NOT_AUTHORISED'],
      ['50114', 'NOT_AUTHORISED'],
      ['50120', 'NOT_AUTHORISED'],
    ]),
    ...answerRows({ on: ['find'], status: ANY, means: 'ABSENT', source: ERRORS }, [['51603', 'ORDER_UNKNOWN']]),
    ...answerRows({ on: [...ORDERS, 'find', 'read'], status: ANY, means: 'NOT_SENT', source: ERRORS }, [
      ['50011', 'RATE_LIMITED'],
      ['50061', 'RATE_LIMITED'],
      ['50102', 'CLOCK_SKEW'],
      ['50112', 'CLOCK_SKEW'],
    ]),
    ...answerRows({ on: ORDERS, status: [429, 429], means: 'NOT_SENT', source: LIMITS }, [['HTTP', 'RATE_LIMITED']]),
  ],
};
