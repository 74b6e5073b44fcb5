// The last door: what libraries print, and what the runtime prints of errors that nobody caught.
import { format } from 'node:util';
import { redactError, redactText } from '../../redaction.ts';

const METHODS = ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const;
type Output = Pick<Console, (typeof METHODS)[number]>;
type Told = (...words: readonly unknown[]) => void;

/** The part of a process that tells of errors. */
export interface ErrorSource {
  listenerCount(event: string): number;
  prependListener(event: 'unhandledRejection', listener: (reason: unknown) => void): unknown;
  on(event: 'uncaughtExceptionMonitor', listener: (error: Error) => void): unknown;
}

const guarded = new WeakSet<object>();

/** Keeps secrets out of a console and out of the errors of a process, once for each. */
export const guardOutput = (output: Output = globalThis.console, source: ErrorSource = process): void => {
  if (!guarded.has(output)) guardConsole(output);
  if (!guarded.has(source)) guardErrors(source);
};

const guardConsole = (output: Output): void => {
  guarded.add(output);
  for (const method of METHODS) {
    const print: Told = output[method].bind(output);
    output[method] = (...words: readonly unknown[]): void => print(redactText(format(...words)));
  }
};

const guardErrors = (source: ErrorSource): void => {
  guarded.add(source);
  source.on('uncaughtExceptionMonitor', (error) => void redactError(error));
  // Where nobody listens, a rejection becomes an exception, and a listener of ours would keep it from that.
  if (source.listenerCount('unhandledRejection') > 0) source.prependListener('unhandledRejection', (reason) => void redactError(reason));
};
