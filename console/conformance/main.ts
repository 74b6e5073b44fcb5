// npm run conformance -- FILE...: 0 when every case passed, 1 when one failed, 2 when nothing could be judged.
import { readFileSync } from 'node:fs';
import { MalformedFileError } from './malformed.ts';
import { type CaseText, runCases, verdictLines } from './run-cases.ts';

const USAGE = 'usage: npm run conformance -- FILE...';

function main(names: readonly string[]): number {
  if (names.length === 0) return refuse(USAGE);
  try {
    const verdict = runCases(names.map(readText));
    for (const line of verdictLines(verdict)) console.log(line);
    return verdict.failures.length === 0 ? 0 : 1;
  } catch (error) {
    if (error instanceof MalformedFileError) return refuse(error.message);
    throw error;
  }
}

function readText(name: string): CaseText {
  try {
    return { name, text: readFileSync(name, 'utf8') };
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new MalformedFileError(name, { place: 'the file itself', message: `cannot be read: ${message}` }, { cause });
  }
}

function refuse(message: string): number {
  console.error(message);
  return 2;
}

process.exitCode = main(process.argv.slice(2));
