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
// What is hidden may come from a stranger and be a megabyte long: no shape may look at one place more than a few times.
const ESCAPES = '\\\\{0,16}';
const QUOTES = `(?:${ESCAPES}["'])?`;
/** The query of a signed address goes whole: what was asked for is told by the call. */
const QUERY = /\?[^\s"']*/g;
const SIGNED = /(?:signature|[-_]sign|credential|token)=/i;

const SHAPES: readonly (readonly [shape: RegExp, instead: string])[] = [
  [/-----BEGIN [A-Z0-9 ]{3,40}-----(?:[\s\S]*?-----END [A-Z0-9 ]{3,40}-----|[\s\S]*)/g, HIDDEN],
  [/v1,[0-9a-f]{32,}/gi, HIDDEN],
  [/(?<=:\/\/)[^\s/@:?#"']*(?::[^\s/@]*)?(?=@)/g, HIDDEN],
  [/(?:AKIA|ASIA)[0-9A-Z]{16}/g, HIDDEN],
  [/(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, HIDDEN],
  [/(?<=\b(?:Bearer|Basic)\s)(?!\[hidden)\S+/gi, HIDDEN],
  // Within quotes the whole of it, blanks and all.
  [new RegExp(`((?:${NAMES})${QUOTES}\\s*[:=]\\s*(${ESCAPES}["']))(?!\\[hidden)(?:(?!\\2)[^\\n]){1,4000}(?=\\2)`, 'gi'), `$1${HIDDEN}`],
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
  const unsigned = unknown.replace(QUERY, (query) => (SIGNED.test(query) ? `?${HIDDEN}` : query));
  return SHAPES.reduce((clean, [shape, instead]) => clean.replace(shape, instead), unsigned);
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
 * Hides what must not be read in an error, its stack, its causes and whatever it carries: a runtime prints all of that. Gives
 * back the same error, or a new one in the place of one that cannot be changed.
 */
export const redactError = (error: unknown): unknown => cleaned(error, 0, new Map());

type Seen = Map<object, unknown>;

const cleaned = (value: unknown, depth: number, seen: Seen): unknown => {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'function' || typeof value === 'symbol') return HIDDEN;
  return typeof value === 'object' && value !== null ? cleanedOnce(value, depth, seen) : value;
};

const cleanedOnce = (value: object, depth: number, seen: Seen): unknown => {
  if (seen.has(value)) return seen.get(value);
  if (depth > DEEPEST) return HIDDEN;
  seen.set(value, value);
  const found = tried(() => cleanedObject(value, depth, seen));
  const clean = found === UNREADABLE ? HIDDEN : found;
  seen.set(value, clean);
  return clean;
};

const UNREADABLE = Symbol('unreadable');

// A getter or a proxy may throw: of what cannot be looked at nothing is told.
const tried = (work: () => unknown): unknown => {
  try {
    return work();
  } catch {
    return UNREADABLE;
  }
};

const isError = (value: object): boolean => value instanceof Error || ('stack' in value && 'message' in value);

const cleanedObject = (value: object, depth: number, seen: Seen): unknown => {
  // An address, bytes, a map, a socket: it may be in use and is left as it is, and not told.
  if (!isError(value) && !Array.isArray(value) && !isPlain(value)) return HIDDEN;
  const areClean = namesOf(value).map((name) => cleanProperty(value, name, depth, seen));
  if (areClean.every(Boolean)) return value;
  return isError(value) ? standIn(value) : HIDDEN;
};

const namesOf = (value: object): readonly PropertyKey[] => {
  const names = Reflect.ownKeys(value).filter((name) => Object.prototype.propertyIsEnumerable.call(value, name));
  return isError(value) ? [...new Set<PropertyKey>([...PRINTED, ...names])].filter((name) => name in value) : names;
};

const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || (typeof prototype === 'object' && Object.getPrototypeOf(prototype) === null);
};

const standIn = (value: object): Error => {
  const error = new Error(textOf(value, 'message'));
  error.name = textOf(value, 'name');
  error.stack = textOf(value, 'stack');
  return error;
};

const textOf = (value: object, name: string): string => {
  const text = tried(() => Reflect.get(value, name));
  return typeof text === 'string' ? redactText(text) : HIDDEN;
};

/** Tells whether nothing is left in it that must not be read. */
const cleanProperty = (owner: object, name: PropertyKey, depth: number, seen: Seen): boolean => {
  if (redactText(String(name)) !== String(name)) return Reflect.deleteProperty(owner, name);
  const before = tried(() => Reflect.get(owner, name));
  const isSecret = SECRET_NAME.test(String(name)) && before !== null && before !== undefined;
  const after = isSecret ? HIDDEN : cleaned(before, depth + 1, seen);
  const isSame = tried(() => Reflect.get(owner, name)) === after;
  return isSame || isSet(owner, name, after) || (Reflect.deleteProperty(owner, name) && !(name in owner));
};

const isSet = (owner: object, name: PropertyKey, value: unknown): boolean => {
  const isDone = (): boolean => tried(() => Reflect.get(owner, name)) === value;
  if (tried(() => Reflect.set(owner, name, value)) === true && isDone()) return true;
  return Reflect.defineProperty(owner, name, { value, configurable: true, writable: true, enumerable: true }) && isDone();
};
