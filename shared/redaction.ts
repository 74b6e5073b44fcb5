// What is never said, whoever speaks: secrets by their value once they were read, and whatever looks like one.
import type { Note } from './domain/decision.ts';

const HIDDEN = '[hidden]';
/** A shorter secret would blot out ordinary words; none that is of any use is as short. */
const SHORTEST_SECRET = 6;
const SHORTEST_LINE = 16;
const DEEPEST = 6;
/** What is printed of an error though it is not listed among its properties. */
const PRINTED = ['message', 'stack', 'cause', 'errors'] as const;

const SECRET_NAME = /secret|signature|password|passphrase|token|authori[sz]ation|credential|api[-_]?key|access[-_]?key|private[-_]?key|cookie/i;
const NAMES =
  'secret(?:[-_]?access)?(?:[-_]?key)?|signature|[-_]sign|passw(?:or)?d|passphrase|token|authori[sz]ation|credentials?|(?:api|access)[-_]?key(?:[-_]?id)?|private[-_]?key|key[-_]?secret|cookie';
const QUOTES = '(?:\\\\*["\'])?';

const SHAPES: readonly (readonly [shape: RegExp, instead: string])[] = [
  [/-----BEGIN [A-Z0-9 ]{3,40}-----(?:[\s\S]*?-----END [A-Z0-9 ]{3,40}-----|[\s\S]*)/g, HIDDEN],
  // The query of a signed address, whole: what was asked for is told by the call.
  [/\?(?=[^\s"']{0,4000}?(?:signature|[-_]sign|credential|token)=)[^\s"']*/gi, `?${HIDDEN}`],
  [/v1,[0-9a-f]{32,}/gi, HIDDEN],
  [/(?<=:\/\/)[^\s/@]+:[^\s/@]+(?=@)/g, HIDDEN],
  [/(?:AKIA|ASIA)[0-9A-Z]{16}/g, HIDDEN],
  [/eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, HIDDEN],
  [/(?<=\b(?:Bearer|Basic)\s)(?!\[hidden)\S+/gi, HIDDEN],
  // Within quotes the whole of it, blanks and all.
  [new RegExp(`((?:${NAMES})${QUOTES}\\s*[:=]\\s*(\\\\*["']))(?!\\[hidden)(?:(?!\\2)[^\\n]){1,4000}(?=\\2)`, 'gi'), `$1${HIDDEN}`],
  // A word that stands behind "expected" is what we ask for, in our own words.
  [new RegExp(`((?:${NAMES})${QUOTES}\\s*[:=]\\s*${QUOTES})(?!expected\\b|\\[hidden|Bearer\\s|Basic\\s|AWS4-HMAC)[^\\s"'\\\\&,;}]+`, 'gi'), `$1${HIDDEN}`],
  // Signatures that nothing names: SHA-256 and SHA-512 in hex, SHA-512 in base64.
  [/\b[0-9a-f]{64,}\b/gi, HIDDEN],
  [/[A-Za-z0-9+/]{86}==/g, HIDDEN],
];

const hidden = new Set<string>();
let known: RegExp | null = null;

/** Has a secret kept out of all that is told from now on: as it is, in base64, in hex, in an address and in JSON. */
export const hideSecret = (secret: string): void => {
  const forms = [secret, ...linesOf(secret)].filter((text) => text.trim().length >= SHORTEST_SECRET).flatMap(formsOf);
  if (forms.every((form) => hidden.has(form))) return;
  for (const form of forms) hidden.add(form);
  // The longest first: one form may begin like another.
  const words = [...hidden].toSorted((a, b) => b.length - a.length).map((form) => form.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'));
  known = new RegExp(words.join('|'), 'gi');
};

/** Has every text of a secret kept out, whatever JSON it is packed in. */
export const hideSecretsIn = (text: string): void => {
  hideSecret(text);
  for (const leaf of leavesOf(parsed(text))) hideSecret(leaf);
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

const leavesOf = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leavesOf) : [];
};

const linesOf = (secret: string): readonly string[] => {
  const lines = secret.split(/\r?\n|\\n/).map((line) => line.trim());
  return lines.length === 1 ? [] : lines.filter((line) => line.length >= SHORTEST_LINE && !line.startsWith('-----'));
};

const formsOf = (secret: string): readonly string[] => {
  const bytes = Buffer.from(secret, 'utf8');
  const base64 = bytes.toString('base64').replace(/=+$/, '');
  return [secret, base64, bytes.toString('base64url'), bytes.toString('hex'), encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)];
};

/** Has the values of an environment kept out whose names speak of a secret; the name of a secret is none. */
export const hideSecretsOf = (environment: Readonly<Record<string, string | undefined>>): void => {
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined && SECRET_NAME.test(name) && !/(?:NAME|ARN|ID)$/.test(name)) hideSecretsIn(value);
  }
};

/** Hides what must not be read in a text: secrets that were read, signatures, credentials, keys, signed addresses. */
export const redactText = (text: string): string => {
  const unknown = known === null ? text : text.replace(known, HIDDEN);
  return SHAPES.reduce((clean, [shape, instead]) => clean.replace(shape, instead), unknown);
};

/** Hides whole fields whose name speaks of a secret, and parts of the others. */
export const redactFields = (fields: Note['fields']): Note['fields'] =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => {
      if (SECRET_NAME.test(name) && value !== null) return [name, HIDDEN];
      return [name, typeof value === 'string' ? redactText(value) : value];
    }),
  );

/**
 * Hides what must not be read in an error, its stack, its causes and whatever it carries, and gives back the same error: a
 * runtime prints all of that. What cannot be changed is left out.
 */
export const redactError = (error: unknown): unknown => cleaned(error, 0, new Set());

const cleaned = (value: unknown, depth: number, seen: Set<object>): unknown => {
  if (typeof value === 'string') return redactText(value);
  if (typeof value !== 'object' || value === null || seen.has(value)) return value;
  if (depth > DEEPEST) return HIDDEN;
  seen.add(value);
  for (const name of namesOf(value)) cleanProperty(value, name, depth, seen);
  return value;
};

// What else an error holds on to (sockets, answers) is alive and in use, and nobody prints it.
const namesOf = (value: object): readonly string[] => {
  if ('stack' in value && 'message' in value) return [...new Set([...PRINTED, ...Object.keys(value)])].filter((name) => name in value);
  return Array.isArray(value) || isPlain(value) ? Object.keys(value) : [];
};

const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || (typeof prototype === 'object' && Object.getPrototypeOf(prototype) === null);
};

const cleanProperty = (owner: object, name: string, depth: number, seen: Set<object>): void => {
  const before: unknown = Reflect.get(owner, name);
  const after = SECRET_NAME.test(name) && typeof before === 'string' ? HIDDEN : cleaned(before, depth + 1, seen);
  if (after === before || Reflect.set(owner, name, after)) return;
  Reflect.deleteProperty(owner, name);
};
