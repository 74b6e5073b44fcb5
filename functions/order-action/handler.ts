// The only function that acts at the venue: sends an action once, looks up what became of it, and sees to what a fill left open.
import type { Context, SQSBatchResponse } from 'aws-lambda';
import * as z from 'zod';
import { checkProtection } from '../../shared/check-protection.ts';
import { actionMessage, lookupMessage, stopActionMessage, watchdogMessage } from '../../shared/messages.ts';
import { performActions } from '../../shared/perform-actions.ts';
import { resolveAction } from '../../shared/resolve-action.ts';
import type { VenueDeps } from '../../shared/shell-deps.ts';
import { processEnvironment } from '../support/env.ts';
import { createHouse, lazily } from '../support/handlers.ts';
import type { House } from '../support/handlers.ts';
import { workSorted } from '../support/queue-handler.ts';
import type { Job } from '../support/queue-handler.ts';
import { createVenueDeps } from '../support/venue-deps.ts';

// What a call, its turn and its commits may still take when the last of a batch is begun.
const MARGIN_MILLISECONDS = 25_000;

const message = z.discriminatedUnion('kind', [stopActionMessage, actionMessage, lookupMessage, watchdogMessage]);
type Heard = Job<z.infer<typeof message>>;
type Failures = ReadonlyMap<number, Error>;

/** Builds the handler of all its queues: stops and actions in order by slot, look-ups and watchdogs in any (EX-4, EX-9, SL-7). */
export const createHandler = (deps: VenueDeps): House<SQSBatchResponse> =>
  createHouse(deps, 'action', async (event, trace, context) =>
    workSorted(deps, event, trace, { schema: message, run: (jobs) => answerAll(deps, jobs, deadlineOf(deps, context)) }),
  );

// A direct call in a test or on one machine may come without the runtime's context.
const deadlineOf = (deps: VenueDeps, context: Partial<Context>): number =>
  deps.clock.now() + (context.getRemainingTimeInMillis?.() ?? Infinity) - MARGIN_MILLISECONDS;

// A queue carries rings or questions, never both, so that the places of the one's failures are places in the batch.
const answerAll = (deps: VenueDeps, jobs: readonly Heard[], deadline: number): Promise<Failures> => {
  const rings = jobs.flatMap(({ message: heard, trace }) =>
    heard.kind === 'ACTION' || heard.kind === 'STOP_ACTION' ? [{ actionId: heard.actionId, symbol: heard.symbol, hop: heard.hop, trace }] : []);
  return rings.length === jobs.length ? performActions(deps, rings, deadline) : answerEach(deps, jobs, deadline);
};

const answerEach = async (deps: VenueDeps, jobs: readonly Heard[], deadline: number): Promise<Failures> => {
  const failures = new Map<number, Error>();
  for (const [place, job] of jobs.entries()) {
    try {
      await answer(deps, job, deadline);
    } catch (error) {
      failures.set(place, error instanceof Error ? error : new Error(String(error)));
    }
  }
  return failures;
};

const answer = async (deps: VenueDeps, { message: heard, trace }: Heard, deadline: number): Promise<void> => {
  switch (heard.kind) {
    case 'STOP_ACTION':
    case 'ACTION': {
      const failures = await performActions(deps, [{ actionId: heard.actionId, symbol: heard.symbol, hop: heard.hop, trace }], deadline);
      for (const error of failures.values()) throw error;
      return;
    }
    case 'LOOKUP':
      await resolveAction(deps, heard, trace);
      return;
    case 'WATCHDOG':
      return checkProtection(deps, { symbol: heard.symbol, slot: heard.slot, hop: heard.hop }, trace);
    default:
      return heard satisfies never;
  }
};

export { createVenueDeps as createDeps };
export const handler = lazily(() => createHandler(createVenueDeps(processEnvironment())));
