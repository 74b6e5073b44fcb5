// What a venue that sheds load asks for: a while without calls, or the end of a ban (EX-9).
import type { VenuePause } from '../../domain/event.ts';
import { type AnswerTable, type CallKind, complaintIn, findRow } from './answer-table.ts';
import type { Answered } from './recorded-fetch.ts';

/** What our own words for too many calls ask for. */
const PAUSES: ReadonlyMap<string, VenuePause['kind']> = new Map([
  ['RATE_LIMITED', 'RATE_LIMITED'],
  ['FIREWALL', 'RATE_LIMITED'],
  ['BANNED', 'BANNED'],
]);

/** What these statuses ask for in any answer, also where no row speaks of it. */
const STATUSES: ReadonlyMap<number, VenuePause['kind']> = new Map([
  [429, 'RATE_LIMITED'],
  [418, 'BANNED'],
]);

/** Finds the pause that an answer asks for, with its length where the venue tells it; null where it asks for none. */
export function pauseIn(table: AnswerTable, kind: CallKind, answer: Answered): VenuePause | null {
  const asked = STATUSES.get(answer.status) ?? PAUSES.get(findRow(table, kind, answer)?.as ?? '');
  if (asked === undefined) return null;
  return { kind: asked, milliseconds: answer.retryAfterMs ?? table.waitOf(answer, complaintIn(table, answer)) };
}

/** Reads an instant out of words: milliseconds until it, and nothing once it is over. */
export function millisUntil(text: string, instant: RegExp, { at }: Answered): number | null {
  const found = instant.exec(text)?.[1];
  if (found === undefined) return null;
  // Ten digits are seconds, thirteen milliseconds.
  const until = found.length <= 10 ? Number(found) * 1_000 : Number(found);
  return Math.max(0, until - at);
}
