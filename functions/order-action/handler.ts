// The only function that acts at the venue: sends an action once, looks up what became of it, and sees to what a fill left open.
import type { SQSBatchResponse } from 'aws-lambda';
import * as z from 'zod';
import { checkProtection } from '../../shared/check-protection.ts';
import { unreachable } from '../../shared/domain/room.ts';
import { actionMessage, lookupMessage, stopActionMessage, watchdogMessage } from '../../shared/messages.ts';
import { performAction } from '../../shared/perform-action.ts';
import { resolveAction } from '../../shared/resolve-action.ts';
import type { TraceContext } from '../../shared/ports.ts';
import type { VenueDeps } from '../../shared/shell-deps.ts';
import { processEnvironment } from '../support/env.ts';
import { createHouse, lazily } from '../support/handlers.ts';
import type { House } from '../support/handlers.ts';
import { workBatch } from '../support/queue-handler.ts';
import { createVenueDeps } from '../support/venue-deps.ts';

const message = z.discriminatedUnion('kind', [stopActionMessage, actionMessage, lookupMessage, watchdogMessage]);

/** Builds the handler of all its queues: stops and actions in order by symbol, look-ups and watchdogs in any (EX-9, SL-7). */
export const createHandler = (deps: VenueDeps): House<SQSBatchResponse> =>
  createHouse(deps, 'action', async (event, trace) =>
    workBatch(deps, event, trace, {
      schema: message,
      run: async (ring, each) => {
        await answer(deps, ring, each);
      },
    }),
  );

const answer = (deps: VenueDeps, ring: z.infer<typeof message>, trace: TraceContext): Promise<unknown> => {
  switch (ring.kind) {
    case 'STOP_ACTION':
    case 'ACTION':
      return performAction(deps, ring.actionId, trace);
    case 'LOOKUP':
      return resolveAction(deps, ring, trace);
    case 'WATCHDOG':
      return checkProtection(deps, { symbol: ring.symbol, slot: ring.slot, hop: ring.hop }, trace);
    default:
      return unreachable(ring);
  }
};

export { createVenueDeps as createDeps };
export const handler = lazily(() => createHandler(createVenueDeps(processEnvironment())));
