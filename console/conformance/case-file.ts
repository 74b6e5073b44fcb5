// A file of cases as text, and its form: whatever is not of that form is an error with its place, never a pass.
import { Field } from './field.ts';
import { findJsonFault } from './json-fault.ts';
import type { Kind } from './kind.ts';
import { KINDS } from './kinds.ts';
import { MalformedFieldError, MalformedFileError } from './malformed.ts';

/** One case: what goes in and what has to come out. */
export interface Case {
  readonly id: string;
  readonly name: string;
  readonly input: Field;
  readonly expected: unknown;
}

/** A file whose form is right and whose kind is known. */
export interface CaseFile {
  readonly name: string;
  readonly kind: Kind;
  readonly cases: readonly Case[];
}

const DEEPEST = 64;

/** Reads a file of cases. Throws MalformedFileError naming the file and the place of the fault. */
export function readCaseFile(name: string, text: string): CaseFile {
  const top = new Field('top', parseJson(name, text));
  return inFile(name, () => {
    refuseFloats(top, 0);
    const kind = KINDS.get(top.at('kind').text());
    if (kind === undefined) throw top.at('kind').malformed(`one of ${[...KINDS.keys()].join(', ')}`);
    const cases = top.at('cases').list(readCase);
    if (cases.length === 0) throw top.at('cases').malformed('at least one case');
    refuseRepeatedIds(cases, top.at('cases'));
    return { name, kind, cases };
  });
}

/** Runs work on a file and gives a malformed field the file's name. */
export function inFile<Result>(name: string, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof MalformedFieldError)) throw cause;
    throw new MalformedFileError(name, { place: cause.path, message: cause.fault }, { cause });
  }
}

function parseJson(name: string, text: string): unknown {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    return value;
  } catch (cause) {
    const { line, column } = findJsonFault(text.replace(/^\uFEFF/, ''));
    throw new MalformedFileError(name, { place: `line ${line}, column ${column}`, message: 'not JSON' }, { cause });
  }
}

function readCase(field: Field): Case {
  const id = field.at('id').text();
  if (id === '') throw field.at('id').malformed('an id');
  const input = field.at('input');
  input.members();
  const expected = field.at('expected');
  if (expected.members().length === 0) throw expected.malformed('at least one field');
  return { id, name: field.at('name').text(), input: new Field(`${field.path} (${id}).input`, input.value), expected: expected.value };
}

function refuseRepeatedIds(cases: readonly Case[], field: Field): void {
  const seen = new Set<string>();
  for (const [index, { id }] of cases.entries()) {
    if (seen.has(id)) throw new MalformedFieldError(`${field.path}[${index}].id`, 'an id of its own', id);
    seen.add(id);
  }
}

/** Money stands in texts and counts are whole: a fraction among the numbers is a float that has slipped in. */
function refuseFloats(field: Field, depth: number): void {
  if (depth > DEEPEST) throw new MalformedFieldError(field.path, `at most ${DEEPEST} levels`, field.value);
  if (typeof field.value === 'number') field.integer();
  else if (Array.isArray(field.value)) field.list((item) => refuseFloats(item, depth + 1));
  else if (typeof field.value === 'object' && field.value !== null) {
    for (const [name, value] of field.members()) refuseFloats(new Field(`${field.path}.${name}`, value), depth + 1);
  }
}
