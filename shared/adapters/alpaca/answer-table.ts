// Which answers of Alpaca are certain, as data. Whatever is not listed is UNKNOWN (EX-9).
import type { VenuePause } from '../../domain/event.ts';
import { redactText } from '../../redaction.ts';
import type { Reply } from './alpaca-client.ts';

/** What was asked when the answer came; `read` is every question that changes nothing. */
export type CallKind = 'place' | 'cancel' | 'find' | 'read';

/**
 * REFUSED: nothing changed and asking again would not help. NOT_SENT: nothing changed, and the same call may be made
 * again. ABSENT: the broker has no such thing. UNKNOWN: listed because a broader row would take it for a refusal.
 */
export type Meaning = 'REFUSED' | 'NOT_SENT' | 'ABSENT' | 'UNKNOWN';

export interface AnswerRow {
  readonly on: readonly CallKind[];
  readonly status: number;
  /** The broker's own code; null where the status alone says it. */
  readonly code: string | null;
  /** What the message contains, where one code has several meanings. */
  readonly says: string | null;
  readonly means: Meaning;
  /** The word that this system has for it. */
  readonly as: string;
  /** The page of the broker's documentation that says so. */
  readonly source: string;
}

/** The day on which the sources were read. */
export const READ_ON = '2026-11-21';

const CREATE = 'https://docs.alpaca.markets/us/reference/postorder';
const CANCEL = 'https://docs.alpaca.markets/us/reference/deleteorderbyorderid';
const BY_CLIENT_ID = 'https://docs.alpaca.markets/us/reference/getorderbyclientorderid';
const POSITION = 'https://docs.alpaca.markets/us/reference/getopenposition';
const ORDERS = 'https://docs.alpaca.markets/us/docs/orders-at-alpaca';
const ERRORS = 'https://docs.alpaca.markets/us/docs/options-trading#error-responses';
const FRACTIONS = 'https://docs.alpaca.markets/us/docs/fractional-trading';
const PROTECTIONS = 'https://docs.alpaca.markets/us/docs/user-protection';
const COMMON_ERRORS = 'https://alpaca.markets/learn/how-to-fix-common-trading-api-errors-at-alpaca';
const RATE_LIMIT = 'https://alpaca.markets/support/usage-limit-api-calls';

const FORBIDDEN = '40310000';
const UNPROCESSABLE = '42210000';
const NOT_FOUND = '40410000';

const ALL: readonly CallKind[] = ['place', 'cancel', 'find', 'read'];

type Words = readonly [says: string | null, as: string, source: string];

const refusals = (status: number, code: string, words: readonly Words[]): readonly AnswerRow[] =>
  words.map(([says, as, source]) => ({ on: ['place'], status, code, says, means: 'REFUSED', as, source }));

/**
 * The rows. The documentation calls status and code the contract and the words changeable: so a refusal rests on status
 * and code, and the words only tell it more exactly. 40010001 is not here: it is malformed input and a taken client
 * order id alike, and the order that has the id may be this very one.
 */
export const ANSWERS: readonly AnswerRow[] = [
  { on: ['place'], status: 422, code: UNPROCESSABLE, says: 'must be unique', means: 'UNKNOWN', as: 'DUPLICATE_CLIENT_ORDER_ID', source: ORDERS },
  ...refusals(403, FORBIDDEN, [
    ['insufficient buying power', 'INSUFFICIENT_FUNDS', CREATE],
    ['insufficient qty', 'INSUFFICIENT_QUANTITY', ERRORS],
    ['wash trade', 'WASH_TRADE', PROTECTIONS],
    [null, 'NOT_ALLOWED', CREATE],
  ]),
  ...refusals(403, '40310100', [[null, 'PATTERN_DAY_TRADING', PROTECTIONS]]),
  ...refusals(422, UNPROCESSABLE, [
    ['position intent mismatch', 'REDUCE_ONLY', ERRORS],
    ['stop price must be', 'WOULD_TRIGGER', COMMON_ERRORS],
    ['sub-penny', 'TICK_SIZE', ORDERS],
    ['sold short', 'FRACTIONAL_SHORT', FRACTIONS],
    ['not fractionable', 'NOT_FRACTIONABLE', FRACTIONS],
    ['fractional orders', 'FRACTIONAL_TERMS', ORDERS],
    ['extended hours', 'EXTENDED_HOURS', ORDERS],
    ['not found', 'UNKNOWN_SYMBOL', ERRORS],
    ['not tradable', 'NOT_TRADABLE', ERRORS],
    ['not active', 'NOT_TRADABLE', ERRORS],
    [null, 'BAD_REQUEST', CREATE],
  ]),
  { on: ['cancel'], status: 404, code: NOT_FOUND, says: null, means: 'REFUSED', as: 'ORDER_UNKNOWN', source: CANCEL },
  { on: ['cancel'], status: 422, code: null, says: null, means: 'REFUSED', as: 'ORDER_CLOSED', source: CANCEL },
  { on: ['find'], status: 404, code: NOT_FOUND, says: 'position', means: 'ABSENT', as: 'NO_POSITION', source: POSITION },
  { on: ['find'], status: 404, code: NOT_FOUND, says: null, means: 'ABSENT', as: 'ORDER_UNKNOWN', source: BY_CLIENT_ID },
  { on: ALL, status: 429, code: null, says: null, means: 'NOT_SENT', as: 'RATE_LIMITED', source: RATE_LIMIT },
  { on: ALL, status: 401, code: null, says: null, means: 'NOT_SENT', as: 'NOT_AUTHORISED', source: COMMON_ERRORS },
];

export type Complaint = Extract<Reply, { kind: 'COMPLAINT' }>;

/** Finds what the table says of a complaint; null where it says nothing. The row that names the words comes first. */
export function findRow(kind: CallKind, { status, code, message }: Complaint): AnswerRow | null {
  const words = message.toLowerCase();
  const fits = (row: AnswerRow): boolean =>
    row.on.includes(kind) && row.status === status && (row.code === null || row.code === code) && (row.says === null || words.includes(row.says));
  return ANSWERS.find(fits) ?? null;
}

/** Reads how long the broker asks not to be called (EX-9); null of every complaint that is not about the rate. It bans nobody. */
export function pauseOf({ status, retryAfterMs }: Complaint): VenuePause | null {
  return status === 429 ? { kind: 'RATE_LIMITED', milliseconds: retryAfterMs } : null;
}

/** Says in words what a complaint was, for logs. */
export function wordsOf({ status, code, message }: Complaint): string {
  return redactText([`status ${status}`, ...(code === null ? [] : [code]), message].join(' ')).slice(0, 200);
}
