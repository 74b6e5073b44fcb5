import { plainSymbol } from './symbols.ts';

/** What an order is for; one slot may have one order of each purpose under one fence. */
export type OrderPurpose = 'ENTRY' | 'EXIT' | 'STOP';

/** What makes an order one and the same intent. The fence of a slot only ever grows. */
export interface OrderIntent {
  readonly account: string;
  readonly symbol: string;
  readonly slot: string;
  readonly purpose: OrderPurpose;
  readonly fence: number;
}

/** What every venue we know takes as an id; several take more. */
export const CLIENT_ORDER_ID_LENGTH = 32;
const SHORTEST_ID = 24;
const READABLE_LETTERS = 6;
const PURPOSE_LETTER: Readonly<Record<OrderPurpose, string>> = { ENTRY: 'E', EXIT: 'X', STOP: 'S' };
const MASK = (1n << 64n) - 1n;
const FNV_PRIME = 0x100000001b3n;
const FNV_OFFSET = 0xcbf29ce484222325n;
const OTHER_OFFSET = 0x9ae16a3b2f90404fn;

/**
 * Makes the client order id of an intent (EX-11): the same intent always gets the same id, of letters,
 * digits and hyphens. Throws RangeError for a fence that is no count or a length too short to tell intents apart.
 */
export function clientOrderId(intent: OrderIntent, rules: { readonly maxLength: number }): string {
  if (!Number.isSafeInteger(intent.fence) || intent.fence < 0) throw new RangeError(`fence: expected a whole number, found ${intent.fence}`);
  if (rules.maxLength < SHORTEST_ID) throw new RangeError(`maxLength: expected at least ${SHORTEST_ID}, found ${rules.maxLength}`);
  const readable = plainSymbol(intent.symbol).replace(/[^A-Za-z0-9]/g, '').slice(0, READABLE_LETTERS);
  const prefix = `${PURPOSE_LETTER[intent.purpose]}${intent.fence.toString(36)}-${readable}-`;
  const room = Math.min(rules.maxLength, CLIENT_ORDER_ID_LENGTH);
  const digest = digestOf(JSON.stringify([intent.account, intent.symbol, intent.slot, intent.purpose, intent.fence]));
  // At least 14 of the digest's letters stay (72 bits), whatever the fence has grown to.
  const kept = Math.max(room - prefix.length, 14);
  return `${prefix.slice(0, room - kept)}${digest.slice(0, kept)}`;
}

/** Tells whether an id is one of ours that protects or ends a position; whatever else there is may begin one. */
export const isProtectiveId = (id: string): boolean => id.startsWith(PURPOSE_LETTER.EXIT) || id.startsWith(PURPOSE_LETTER.STOP);

function digestOf(text: string): string {
  const digits = (mix(fold(text, FNV_OFFSET)) << 64n) | mix(fold(text, OTHER_OFFSET));
  return digits.toString(36).padStart(25, '0').split('').reverse().join('');
}

function fold(text: string, offset: bigint): bigint {
  let hash = offset;
  for (const byte of new TextEncoder().encode(text)) hash = ((hash ^ BigInt(byte)) * FNV_PRIME) & MASK;
  return hash;
}

/** Spreads every bit over the whole word: the low bits of FNV-1a alone depend on few bits of the text. */
function mix(hash: bigint): bigint {
  let word = ((hash ^ (hash >> 33n)) * 0xff51afd7ed558ccdn) & MASK;
  word = ((word ^ (word >> 33n)) * 0xc4ceb9fe1a85ec53n) & MASK;
  return word ^ (word >> 33n);
}
