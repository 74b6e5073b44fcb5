// What people ask and tell the pipeline, signed in.
import { callerOf } from './caller.ts';
import { carryOut } from './carry-out.ts';
import { command } from './command-schema.ts';
import type { OperatorDeps } from '../../shared/operator/operator-deps.ts';
import { processEnvironment } from '../support/env.ts';
import { createHouse, lazily } from '../support/handlers.ts';
import type { House } from '../support/handlers.ts';
import { answerHttp, bodyBytes, bodyText, readRequest } from '../support/http.ts';
import type { HttpAnswer } from '../support/http.ts';
import { readJson, readWith } from '../support/input-error.ts';
import { createOperatorDeps } from '../support/operator-deps.ts';

/** Builds the handler: one command a request, its answer as JSON. */
export const createHandler = (deps: OperatorDeps): House<HttpAnswer> =>
  createHouse(deps, 'operator', async (event, trace) =>
    answerHttp(deps.telemetry, trace, async () => {
      const request = readRequest(event);
      const who = callerOf(event);
      const asked = readWith(command, readJson(bodyText(bodyBytes(request)), 'body'), 'command');
      return carryOut(deps, asked, { who, trace });
    }),
  );

export { createOperatorDeps as createDeps };
export const handler = lazily(() => createHandler(createOperatorDeps(processEnvironment())));
