import { DomainInputError } from '../../shared/domain/decimal.ts';
import { type Case, type CaseFile, inFile, readCaseFile } from './case-file.ts';
import { type Found, matches, toJson } from './found.ts';
import type { Kind } from './kind.ts';

/** A file to run: its name and its text. */
export interface CaseText {
  readonly name: string;
  readonly text: string;
}

/** A case that did not end as it should. */
export interface Failure {
  readonly file: string;
  readonly id: string;
  readonly name: string;
  readonly expected: unknown;
  readonly found: unknown;
}

/** What became of all cases of all files. */
export interface Verdict {
  readonly passed: number;
  readonly failures: readonly Failure[];
}

/** Runs every case of every file. Throws MalformedFileError before any verdict when one file is not of the form. */
export function runCases(texts: readonly CaseText[]): Verdict {
  const files = texts.map(({ name, text }) => readCaseFile(name, text));
  const outcomes = files.flatMap((file) => file.cases.map((one) => runCase(file, one)));
  const failures = outcomes.filter((failure) => failure !== null);
  return { passed: outcomes.length - failures.length, failures };
}

/** Writes a verdict as lines, failures first, the sum last. */
export function verdictLines({ passed, failures }: Verdict): string[] {
  const told = failures.flatMap(({ file, id, name, expected, found }) => [
    `FAILED ${id}: ${name} (${file})`,
    `  expected ${JSON.stringify(expected)}`,
    `  found    ${JSON.stringify(found)}`,
  ]);
  return [...told, `${passed} passed, ${failures.length} failed`];
}

function runCase(file: CaseFile, { id, name, input, expected }: Case): Failure | null {
  const found = inFile(file.name, () => answer(file.kind, input));
  return matches(expected, found) ? null : { file: file.name, id, name, expected, found: toJson(found) };
}

function answer(kind: Kind, input: Case['input']): Found {
  try {
    return kind(input);
  } catch (cause) {
    // The rules refuse the input itself: an answer like any other, and a failure unless it was expected.
    if (cause instanceof DomainInputError) return { refused: cause.message };
    throw cause;
  }
}
