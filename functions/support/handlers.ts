// The house stack of every function: one trace, one place that logs what failed.
import middy from '@middy/core';
import type { MiddyfiedHandler } from '@middy/core';
import type { Context } from 'aws-lambda';
import type { Ids, Telemetry, TraceContext } from '../../shared/ports.ts';
import { redactError } from '../../shared/redaction.ts';
import { draw } from './draw.ts';
import type { Drawing } from './draw.ts';
import { failureNote } from './failure-note.ts';

/** What the house stack itself needs. */
export interface HouseDeps extends Drawing {
  readonly account: string;
  readonly ids: Ids;
  readonly telemetry: Telemetry;
}

export type House<Result> = MiddyfiedHandler<unknown, Result>;
type Work<Result> = (event: unknown, trace: TraceContext, context: Context) => Promise<Result>;

/** Wraps one function's work: gives it a trace (SL-14), and logs once what it throws before the runtime sees it. */
export const createHouse = <Result>(deps: HouseDeps, source: TraceContext['source'], work: Work<Result>): House<Result> =>
  // The runtime kills a sandbox that is too late. Answering early instead would leave a promise that goes on in the
  // next invocation, and may send an order minutes late.
  middy<unknown, Result>({ timeoutEarlyInMillis: 0 }).handler(async (event: unknown, context: Context) => {
    const trace = newTrace(deps, source, context);
    try {
      return await draw(deps, { name: source, annotations: { correlation_id: trace.correlationId, account: trace.account } }, () => work(event, trace, context));
    } catch (error) {
      deps.telemetry.record(failureNote('invocation_failed', error), trace);
      // The runtime prints it as well.
      const told = redactError(error);
      throw told instanceof Error ? told : new Error(String(told));
    }
  });

const newTrace = (deps: HouseDeps, source: TraceContext['source'], context: Context): TraceContext => {
  const correlationId = deps.ids.next();
  return { account: deps.account, source, requestId: requestIdOf(context) ?? correlationId, correlationId };
};

// A direct call in a test or on one machine may come without the runtime's context.
const requestIdOf = (context: Partial<Context>): string | undefined => context.awsRequestId;

/** Builds a handler at its first invocation, so that a file can be imported without an environment. */
export const lazily = <Result>(build: () => House<Result>): ((event: unknown, context: Context) => Promise<Result>) => {
  let built: House<Result> | null = null;
  return async (event, context) => {
    built ??= build();
    return built(event, context);
  };
};
