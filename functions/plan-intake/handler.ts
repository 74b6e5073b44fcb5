// Takes plans over HTTPS, from the event bus and by direct call.
import * as z from 'zod';
import { acceptPlan } from '../../shared/accept-plan.ts';
import type { PlanResult } from '../../shared/accept-plan.ts';
import { RestoreUntoldError } from '../../shared/errors.ts';
import type { ShellDeps } from '../../shared/shell-deps.ts';
import { createShellDeps } from '../support/deps.ts';
import { processEnvironment } from '../support/env.ts';
import { createHouse, lazily } from '../support/handlers.ts';
import type { House } from '../support/handlers.ts';
import { answerHttp, bodyBytes, bodyText, isHttpEvent, readRequest } from '../support/http.ts';
import type { HttpAnswer } from '../support/http.ts';
import { InputError, readJson } from '../support/input-error.ts';
import { readPlan } from './plan-schema.ts';

const CONFLICT = 409;
const busEvent = z.object({ 'detail-type': z.string(), detail: z.unknown() });

/** Builds the handler: checks the whole plan, then applies it watch by watch (EW-6). */
export const createHandler = (deps: ShellDeps): House<HttpAnswer | PlanResult> =>
  createHouse(deps, 'plan', async (event, trace) => {
    if (isHttpEvent(event)) {
      return answerHttp(deps.telemetry, trace, async () => {
        const request = readRequest(event);
        const plan = readPlan(readJson(bodyText(bodyBytes(request)), 'body'));
        return acceptPlan(deps, plan, trace).catch(refuseUntold);
      });
    }
    const fromBus = busEvent.safeParse(event);
    return acceptPlan(deps, readPlan(fromBus.success ? fromBus.data.detail : event), trace);
  });

// Sent again it would be refused again, until a person has told the table of its restore.
const refuseUntold = (error: unknown): never => {
  throw error instanceof RestoreUntoldError ? new InputError(CONFLICT, 'plan', `a table that is in use: ${error.message}`, { cause: error }) : error;
};

export { createShellDeps as createDeps };
export const handler = lazily(() => createHandler(createShellDeps(processEnvironment())));
