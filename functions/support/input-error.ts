// What a caller may be told: which field was wrong and what it has to be.
import type * as z from 'zod';

export type ClientStatus = 400 | 401 | 403 | 405 | 409 | 413 | 422;

/** Says that a caller sent what cannot be used; never holds the value that was sent. */
export class InputError extends Error {
  readonly status: ClientStatus;
  readonly field: string;
  readonly expected: string;

  constructor(status: ClientStatus, field: string, expected: string, options?: ErrorOptions) {
    super(`${field}: expected ${expected}`, options);
    this.name = 'InputError';
    this.status = status;
    this.field = field;
    this.expected = expected;
  }
}

const LONGEST_KEY = 64;

/** Reads a value at a door. @throws InputError (400) naming the first field that is not as expected */
export const readWith = <Output>(schema: z.ZodType<Output>, value: unknown, root: string): Output => {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue === undefined) throw new InputError(400, root, 'another form');
  if (issue.code === 'unrecognized_keys') {
    const key = (issue.keys[0] ?? '').slice(0, LONGEST_KEY);
    throw new InputError(400, pathText(root, [...issue.path, key]), 'no such field');
  }
  throw new InputError(400, pathText(root, issue.path), issue.message);
};

/** Reads JSON. @throws InputError (400) naming the text as a whole */
export const readJson = (text: string, root: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    // The parser's own message quotes the text, which is not ours to log.
    throw new InputError(400, root, 'valid JSON', { cause: cause instanceof SyntaxError ? 'SyntaxError' : cause });
  }
};

const pathText = (root: string, path: readonly PropertyKey[]): string => {
  const text = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  return text.startsWith('.') ? text.slice(1) : `${text === '' || text.startsWith('[') ? root : ''}${text}`;
};
