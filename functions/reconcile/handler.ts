// Compares what the venue has with what we have, at each schedule and at each tick between.
import type { Context, SQSBatchResponse } from 'aws-lambda';
import * as z from 'zod';
import { tickMessage } from '../../shared/messages.ts';
import type { TraceContext } from '../../shared/ports.ts';
import { reconcile } from '../../shared/reconcile.ts';
import type { VenueDeps } from '../../shared/shell-deps.ts';
import { processEnvironment } from '../support/env.ts';
import { createHouse, lazily } from '../support/handlers.ts';
import type { House } from '../support/handlers.ts';
import { scheduleField, tellRun } from '../support/heartbeat.ts';
import { readWith } from '../support/input-error.ts';
import { isQueueEvent, workBatch } from '../support/queue-handler.ts';
import { repeatField, sendTicks } from '../support/ticks.ts';
import { createVenueDeps } from '../support/venue-deps.ts';

// What is left for the last call under way when the deadline comes.
const MARGIN_MILLISECONDS = 5_000;

const schedule = z.strictObject({ kind: z.literal('RECONCILE'), repeatSeconds: repeatField, schedule: scheduleField });
const tick = tickMessage.extend({ kind: z.literal('RECONCILE_TICK') });

/** Builds the handler: reads the venue, brings in the differences, rings again for overdue actions (SL-11). */
export const createHandler = (deps: VenueDeps): House<SQSBatchResponse | undefined> =>
  createHouse(deps, 'schedule', async (event, trace, context) => {
    const run = async (each: TraceContext): Promise<void> => {
      await reconcile(deps, each, deadlineOf(deps, context));
    };
    if (isQueueEvent(event)) {
      const ticking = { ...trace, source: 'tick' as const };
      return workBatch(deps, event, ticking, { schema: tick, run: async (_message, each) => run(each) });
    }
    const { repeatSeconds, schedule: name } = readWith(schedule, event, 'event');
    await sendTicks(deps.queues, 'RECONCILE_TICK', repeatSeconds, trace);
    await run(trace);
    tellRun(deps.telemetry, name);
    return undefined;
  });

// A direct call in a test or on one machine may come without the runtime's context.
const deadlineOf = (deps: VenueDeps, context: Partial<Context>): { readonly deadline?: number } => {
  const remaining = context.getRemainingTimeInMillis?.();
  return remaining === undefined ? {} : { deadline: deps.clock.now() + remaining - MARGIN_MILLISECONDS };
};

export { createVenueDeps as createDeps };
export const handler = lazily(() => createHandler(createVenueDeps(processEnvironment())));
