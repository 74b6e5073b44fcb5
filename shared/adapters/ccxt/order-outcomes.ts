// What became of an order call: certain only where the wire or the venue's table says so (EX-9).
import type { Outcome, VenuePause } from '../../domain/event.ts';
import { type CallKind, complains, findRow, lastAnswer, readJson, wordsOf } from './answer-table.ts';
import type { Dialect } from './dialect.ts';
import { messageOf } from './reader.ts';
import { pauseIn } from './venue-pauses.ts';
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
  if (last !== null) {
    const pause = last.kind === 'ANSWERED' ? pauseIn(dialect.answers, 'read', last) : null;
    return notSent(`${last.call}: ${wordsOf(dialect.answers, last)}`, pause);
  }
  // The class itself would not make the call, and would not the next time.
  return end.ok ? { kind: 'UNKNOWN', reason: 'nothing went over the wire' } : { kind: 'REFUSED', code: `UNSENDABLE ${messageOf(end.error)}` };
}

/** An answer to an order call, and how the call that it came to ended. */
export interface AnsweredCall {
  readonly kind: CallKind;
  readonly end: CallEnd;
  readonly last: Answered;
}

/** Classifies one answer by the venue's table; what is in no row and no plain success is UNKNOWN. */
export function answered({ answers }: Pick<Dialect, 'answers'>, { kind, end, last }: AnsweredCall): Sent {
  const row = findRow(answers, kind, last);
  if (row?.means === 'REFUSED') return { kind: 'REFUSED', code: row.as };
  if (row?.means === 'NOT_SENT') return notSent(row.as, pauseIn(answers, kind, last));
  return end.ok && isWell(last) && !complains(answers, last) ? { kind: 'TAKEN', value: end.value } : { kind: 'UNKNOWN', reason: wordsOf(answers, last) };
}

/** An answer that breaks off is none, whatever its status. */
function isWell({ status, text }: Answered): boolean {
  return status === NO_CONTENT || (status >= 200 && status < 300 && readJson(text) !== null);
}

function notSent(reason: string, pause: VenuePause | null): Extract<Outcome, { kind: 'NOT_SENT' }> {
  const wait = pause?.milliseconds ?? null;
  return { kind: 'NOT_SENT', reason: wait === null ? reason : `${reason}, come again in ${wait} ms`, pause };
}

/** No answer came: only where no connection did either is it certain that nothing was sent (EX-9). */
const notAnswered = (neverLeft: boolean, reason: string): Extract<Outcome, { kind: 'NOT_SENT' | 'UNKNOWN' }> =>
  neverLeft ? { kind: 'NOT_SENT', reason, pause: null } : { kind: 'UNKNOWN', reason };
