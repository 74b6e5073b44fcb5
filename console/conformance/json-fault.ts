// JSON.parse does not always say where it stopped; this finds the place by reading the text again.

/** Where a JSON text breaks off, both counted from 1. */
export interface JsonFault {
  readonly line: number;
  readonly column: number;
}

interface Reading {
  readonly ok: boolean;
  readonly at: number;
}

const SPACE = /[ \t\r\n]*/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const SCALAR = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const DEEPEST = 1000;

/** Finds the place where a text stops being JSON; the end where the whole of it is. */
export function findJsonFault(text: string): JsonFault {
  const { ok, at } = readValue(text, skipSpace(text, 0), 0);
  const stop = ok ? skipSpace(text, at) : at;
  const before = text.slice(0, stop).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}

function readValue(text: string, at: number, depth: number): Reading {
  if (depth > DEEPEST) return { ok: false, at };
  if (text[at] === '{') return readItems(text, at, { close: '}', depth, readItem: readMember });
  if (text[at] === '[') return readItems(text, at, { close: ']', depth, readItem: readValue });
  return text[at] === '"' ? readToken(STRING, text, at) : readToken(SCALAR, text, at);
}

interface Listing {
  readonly close: string;
  readonly depth: number;
  readonly readItem: (text: string, at: number, depth: number) => Reading;
}

function readItems(text: string, open: number, listing: Listing): Reading {
  let at = skipSpace(text, open + 1);
  if (text[at] === listing.close) return { ok: true, at: at + 1 };
  while (at < text.length) {
    const item = listing.readItem(text, at, listing.depth + 1);
    if (!item.ok) return item;
    at = skipSpace(text, item.at);
    if (text[at] === listing.close) return { ok: true, at: at + 1 };
    if (text[at] !== ',') return { ok: false, at };
    at = skipSpace(text, at + 1);
  }
  return { ok: false, at };
}

function readMember(text: string, at: number, depth: number): Reading {
  const name = readToken(STRING, text, at);
  if (!name.ok) return name;
  const colon = skipSpace(text, name.at);
  if (text[colon] !== ':') return { ok: false, at: colon };
  return readValue(text, skipSpace(text, colon + 1), depth);
}

function readToken(pattern: RegExp, text: string, at: number): Reading {
  pattern.lastIndex = at;
  const found = pattern.exec(text);
  return found === null ? { ok: false, at } : { ok: true, at: at + found[0].length };
}

function skipSpace(text: string, at: number): number {
  return readToken(SPACE, text, at).at;
}
