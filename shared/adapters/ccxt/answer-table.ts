// Which answers of a venue are certain, as data. Whatever is not listed is UNKNOWN (EX-9).
import { redactText } from '../../redaction.ts';
import type { CallEnd, Answered, HttpAnswer } from './recorded-fetch.ts';

/** What was asked when the answer came; `read` is every question that changes nothing. */
export type CallKind = 'place' | 'cancel' | 'amend' | 'find' | 'read';

/**
 * REFUSED: nothing changed and asking again would not help. NOT_SENT: nothing changed, and the same call may be made
 * again. ABSENT: the venue has no such order.
 */
export type Meaning = 'REFUSED' | 'NOT_SENT' | 'ABSENT';

export interface AnswerRow {
  readonly on: readonly CallKind[];
  /** HTTP statuses under which the code is believed, both inclusive. */
  readonly status: readonly [low: number, high: number];
  /** The venue's own code, or `HTTP` where the status alone says it. */
  readonly code: string;
  /** What the message must contain, where one code has several meanings. */
  readonly says: string | null;
  readonly means: Meaning;
  /** The word that this system has for it. */
  readonly as: string;
  /** The page of the venue's documentation that says so. */
  readonly source: string;
}

/** What a venue complains of in a body: its codes, the most telling first, and its words. */
export interface Complaint {
  readonly codes: readonly string[];
  readonly message: string;
}

/** How a venue words its complaints, and which of them are certain. */
export interface AnswerTable {
  readonly rows: readonly AnswerRow[];
  /** The day on which the sources were read. */
  readonly readOn: string;
  /** Reads the complaint out of a body; null where there is none. */
  readonly complaintOf: (body: unknown) => Complaint | null;
  /** Reads how long the venue asks to wait in words or headers of its own, milliseconds; null where it does not say. */
  readonly waitOf: (answer: Answered, complaint: Complaint) => number | null;
}

type RowWords = readonly [code: string, as: string, says?: string];

/** Writes rows that share everything but their words. */
export function answerRows(shared: Omit<AnswerRow, 'code' | 'as' | 'says'>, words: readonly RowWords[]): readonly AnswerRow[] {
  return words.map(([code, as, says]) => ({ ...shared, code, as, says: says ?? null }));
}

/** Finds what the table says of an answer to such a call; null where it says nothing. */
export function findRow(table: AnswerTable, kind: CallKind, answer: Answered): AnswerRow | null {
  const { codes, message } = complaintIn(table, answer);
  const said = ['HTTP', ...codes];
  const fits = table.rows.filter((row) =>
    row.on.includes(kind) && isWithin(row.status, answer.status) && said.includes(row.code) && (row.says === null || message.includes(row.says)));
  // A row that names the message knows better than one that names the code, and that than one that names the status.
  return fits.find((row) => row.says !== null) ?? fits.find((row) => row.code !== 'HTTP') ?? fits[0] ?? null;
}

/** What the venue complains of in an answer; nothing at all where it does not. */
export function complaintIn(table: AnswerTable, answer: Answered): Complaint {
  return table.complaintOf(readJson(answer.text)) ?? { codes: [], message: '' };
}

/** Tells whether the venue complains, also where ccxt did not hear it. */
export function complains(table: AnswerTable, answer: Answered): boolean {
  return table.complaintOf(readJson(answer.text)) !== null;
}

/** Says in words what an answer was, for logs. */
export function wordsOf(table: AnswerTable, answer: HttpAnswer): string {
  if (answer.kind !== 'ANSWERED') return answer.reason;
  const complaint = table.complaintOf(readJson(answer.text));
  const told = complaint === null ? [] : [...complaint.codes, complaint.message];
  return redactText([`status ${answer.status}`, ...told].join(' ')).slice(0, 200);
}

/** The last thing that went over the wire and fits. */
export function lastAnswer(end: CallEnd, fits: (answer: HttpAnswer) => boolean = () => true): HttpAnswer | null {
  return end.answers.findLast(fits) ?? null;
}

function isWithin([low, high]: AnswerRow['status'], status: number): boolean {
  return low <= status && status <= high;
}

/** A body that is no JSON is read as nothing, of which no venue complains. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
