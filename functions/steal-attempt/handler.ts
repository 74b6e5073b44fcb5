// Lets a watch that does not fit try to take the room of a farther one; one attempt of an account at a time.
import type { SQSBatchResponse } from 'aws-lambda';
import { stealMessage } from '../../shared/messages.ts';
import { attemptSteal } from '../../shared/read-prices.ts';
import type { ShellDeps } from '../../shared/shell-deps.ts';
import { createShellDeps } from '../support/deps.ts';
import { processEnvironment } from '../support/env.ts';
import { createHouse, lazily } from '../support/handlers.ts';
import type { House } from '../support/handlers.ts';
import { workBatch } from '../support/queue-handler.ts';

/** Builds the handler: decides and commits step 1 of a steal (WS-5 to WS-8). */
export const createHandler = (deps: ShellDeps): House<SQSBatchResponse> =>
  createHouse(deps, 'tick', async (event, trace) =>
    workBatch(deps, event, trace, {
      schema: stealMessage,
      run: async ({ symbol, slot }, each) => {
        await attemptSteal(deps, { symbol, slot }, each);
      },
    }),
  );

export { createShellDeps as createDeps };
export const handler = lazily(() => createHandler(createShellDeps(processEnvironment())));
