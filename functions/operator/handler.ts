// What people ask and tell the pipeline, signed in.
import * as z from 'zod';
import type { ShellDeps } from '../../shared/shell-deps.ts';
import { createShellDeps } from '../support/deps.ts';
import { processEnvironment } from '../support/env.ts';
import { createHouse, lazily } from '../support/handlers.ts';
import type { House } from '../support/handlers.ts';
import { answerHttp, bodyBytes, bodyText, readRequest } from '../support/http.ts';
import type { HttpAnswer } from '../support/http.ts';
import { readJson, readWith } from '../support/input-error.ts';

const request = z.strictObject({ kind: z.literal('STATUS') });

/** Builds the handler: one command a request, its answer as JSON. */
export const createHandler = (deps: ShellDeps): House<HttpAnswer> =>
  createHouse(deps, 'operator', async (event, trace) =>
    answerHttp(deps.telemetry, trace, async () => {
      const { kind } = readWith(request, readJson(bodyText(bodyBytes(readRequest(event))), 'body'), 'body');
      const { capacity } = await deps.store.load(deps.account, { kind: 'ACCOUNT' });
      return { kind, account: deps.account, kill: capacity?.kill ?? null };
    }),
  );

export { createShellDeps as createDeps };
export const handler = lazily(() => createHandler(createShellDeps(processEnvironment())));
