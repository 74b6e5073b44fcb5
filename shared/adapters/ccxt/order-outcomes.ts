// What became of an order call: certain only where the wire or the venue's table says so (EX-9).
import type { Outcome } from '../../domain/event.ts';
import { type CallKind, complains, findRow, lastAnswer, readJson, wordsOf } from './answer-table.ts';
import type { Dialect } from './dialect.ts';
import { messageOf } from './reader.ts';
import type { Answered, CallEnd, HttpAnswer } from './recorded-fetch.ts';

const NO_CONTENT = 204;

/** TAKEN: the venue says that it did it, and gave this answer. */
export type Sent = Exclude<Outcome, { kind: 'ACCEPTED' }> | { readonly kind: 'TAKEN'; readonly value: unknown };

/** Classifies the end of an order call by what went over the wire, never by ccxt's class of error alone. */
export function sentOf(dialect: Dialect, kind: CallKind, end: CallEnd): Sent {
  const calls = end.answers.filter(({ call }) => dialect.orderCalls.test(call));
  const last: HttpAnswer | undefined = calls.at(-1);
  if (last === undefined) return unsent(dialect, end);
  // Whatever the last says, an earlier one may have taken effect.
  if (calls.length > 1) return end.ok ? { kind: 'TAKEN', value: end.value } : { kind: 'UNKNOWN', reason: `${calls.length} order calls were made` };
  if (last.kind !== 'ANSWERED') return notAnswered(last.kind === 'NOT_CONNECTED', last.reason);
  return answered(dialect, { kind, end, last });
}

function unsent(dialect: Dialect, end: CallEnd): Sent {
  const last = lastAnswer(end);
  if (last !== null) return { kind: 'NOT_SENT', reason: `${last.call}: ${wordsOf(dialect.answers, last)}`, pause: null };
  // The class itself would not make the call, and would not the next time.
  return end.ok ? { kind: 'UNKNOWN', reason: 'nothing went over the wire' } : { kind: 'REFUSED', code: `UNSENDABLE ${messageOf(end.error)}` };
}

interface AnsweredCall {
  readonly kind: CallKind;
  readonly end: CallEnd;
  readonly last: Answered;
}

function answered({ answers }: Dialect, { kind, end, last }: AnsweredCall): Sent {
  const row = findRow(answers, kind, last);
  if (row?.means === 'REFUSED') return { kind: 'REFUSED', code: row.as };
  if (row?.means === 'NOT_SENT') return { kind: 'NOT_SENT', reason: `${row.as}${pauseOf(last)}`, pause: null };
  return end.ok && isWell(last) && !complains(answers, last) ? { kind: 'TAKEN', value: end.value } : { kind: 'UNKNOWN', reason: wordsOf(answers, last) };
}

/** An answer that breaks off is none, whatever its status. */
function isWell({ status, text }: Answered): boolean {
  return status === NO_CONTENT || (status >= 200 && status < 300 && readJson(text) !== null);
}

function pauseOf({ retryAfterMs }: Answered): string {
  return retryAfterMs === null ? '' : `, come again in ${retryAfterMs} ms`;
}

/** No answer came: only where no connection did either is it certain that nothing was sent (EX-9). */
const notAnswered = (neverLeft: boolean, reason: string): Extract<Outcome, { kind: 'NOT_SENT' | 'UNKNOWN' }> =>
  neverLeft ? { kind: 'NOT_SENT', reason, pause: null } : { kind: 'UNKNOWN', reason };
