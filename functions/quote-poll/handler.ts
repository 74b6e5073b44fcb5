// Asks the venue for the prices of all watched symbols, at each schedule and at each tick between.
import type { SQSBatchResponse } from 'aws-lambda';
import * as z from 'zod';
import { tickMessage } from '../../shared/messages.ts';
import { pollQuotes } from '../../shared/poll-quotes.ts';
import type { VenueDeps } from '../../shared/shell-deps.ts';
import { processEnvironment } from '../support/env.ts';
import { createHouse, lazily } from '../support/handlers.ts';
import type { House } from '../support/handlers.ts';
import { scheduleField, tellRun } from '../support/heartbeat.ts';
import { readWith } from '../support/input-error.ts';
import { isQueueEvent, workBatch } from '../support/queue-handler.ts';
import { repeatField, sendTicks } from '../support/ticks.ts';
import { createVenueDeps } from '../support/venue-deps.ts';

const schedule = z.strictObject({ kind: z.literal('QUOTE_POLL'), repeatSeconds: repeatField, schedule: scheduleField });
const tick = tickMessage.extend({ kind: z.literal('QUOTE_TICK') });

/** Builds the handler: one call for all prices, one message (MH-3). */
export const createHandler = (deps: VenueDeps): House<SQSBatchResponse | undefined> =>
  createHouse(deps, 'schedule', async (event, trace) => {
    if (isQueueEvent(event)) {
      const ticking = { ...trace, source: 'tick' as const };
      return workBatch(deps, event, ticking, { schema: tick, run: async (_message, each) => pollQuotes(deps, each) });
    }
    const { repeatSeconds, schedule: name } = readWith(schedule, event, 'event');
    await sendTicks(deps.queues, 'QUOTE_TICK', repeatSeconds, trace);
    await pollQuotes(deps, trace);
    tellRun(deps.telemetry, name);
    return undefined;
  });

export { createVenueDeps as createDeps };
export const handler = lazily(() => createHandler(createVenueDeps(processEnvironment())));
