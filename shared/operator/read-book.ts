// The whole account as the operator looks at it, each item as the store gives it.
import { contextOf, stealsSince } from '../apply-event.ts';
import type { Known } from '../domain/explain-words.ts';
import type { ShellDeps } from '../shell-deps.ts';

/** Reads the book with the steals that still matter to a decision, or since an earlier moment. */
export const readBook = async (deps: ShellDeps, since: number = stealsSince(deps)): Promise<Known> => {
  const snapshot = await deps.store.load(deps.account, { kind: 'BOOK', stealsSince: since });
  return { snapshot, context: contextOf(deps) };
};

const MILLIS = 1000;

/** Age in whole seconds, never below zero. */
export const secondsSince = (at: number, now: number): number => Math.max(0, Math.round((now - at) / MILLIS));
