// An error as a fact for the log: names and messages down the chain of causes, never what was sent.
import type { Note } from '../../shared/domain/decision.ts';
import { InputError } from './input-error.ts';

const DEEPEST_CAUSE = 5;

/** Describes a failure; what the caller got wrong is a warning, what we got wrong an error. */
export const failureNote = (name: string, error: unknown, fields: Note['fields'] = {}): Note => ({
  name,
  level: error instanceof InputError ? 'WARN' : 'ERROR',
  message: messageOf(error),
  fields: { ...fields, error: nameOf(error), causes: causesOf(error), stack: stackOf(error) },
});

const UNREADABLE = 'an error that cannot be read';

// Anything can be thrown, and what tells of it must not throw in its place.
const wordsOf = (read: () => unknown): string => {
  try {
    return String(read());
  } catch {
    return UNREADABLE;
  }
};

const nameOf = (error: unknown): string => (error instanceof Error ? wordsOf(() => error.name) : typeof error);
const messageOf = (error: unknown): string => wordsOf(() => (error instanceof Error ? error.message : error));
const stackOf = (error: unknown): string | null =>
  error instanceof Error && !(error instanceof InputError) ? wordsOf(() => error.stack ?? '') : null;

const causesOf = (error: unknown): string | null => {
  const causes: string[] = [];
  let cause = error instanceof Error ? error.cause : undefined;
  while (cause !== undefined && causes.length < DEEPEST_CAUSE) {
    causes.push(`${nameOf(cause)}: ${messageOf(cause)}`);
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return causes.length === 0 ? null : causes.join(' <- ');
};
