// The only function that acts at the venue: sends an action once, and looks up what became of it.
import type { SQSBatchResponse } from 'aws-lambda';
import * as z from 'zod';
import { actionMessage, lookupMessage } from '../../shared/messages.ts';
import { performAction } from '../../shared/perform-action.ts';
import { resolveAction } from '../../shared/resolve-action.ts';
import type { VenueDeps } from '../../shared/shell-deps.ts';
import { processEnvironment } from '../support/env.ts';
import { createHouse, lazily } from '../support/handlers.ts';
import type { House } from '../support/handlers.ts';
import { workBatch } from '../support/queue-handler.ts';
import { createVenueDeps } from '../support/venue-deps.ts';

const message = z.discriminatedUnion('kind', [actionMessage, lookupMessage]);

/** Builds the handler of both queues: actions in order by symbol, look-ups in any order (EX-9). */
export const createHandler = (deps: VenueDeps): House<SQSBatchResponse> =>
  createHouse(deps, 'action', async (event, trace) =>
    workBatch(deps, event, trace, {
      schema: message,
      run: async (ring, each) => {
        if (ring.kind === 'ACTION') await performAction(deps, ring.actionId, each);
        else await resolveAction(deps, ring, each);
      },
    }),
  );

export { createVenueDeps as createDeps };
export const handler = lazily(() => createHandler(createVenueDeps(processEnvironment())));
