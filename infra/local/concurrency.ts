// What Lambda holds a function to: no more calls at once than are reserved for it.
import type { FunctionPart } from './cloud-parts.ts';

/** Says that a function has as many calls at work as are reserved for it, and was not called. */
export class FunctionThrottledError extends Error {
  constructor(name: string, reserved: number) {
    super(`function ${name}: throttled, ${reserved} calls are at work`);
    this.name = 'FunctionThrottledError';
  }
}

type Invoke = (functionName: string, event: unknown) => Promise<unknown>;

/** Holds every function to its reserved concurrency. The result throws FunctionThrottledError above it. */
export const limitConcurrency = (functions: readonly FunctionPart[], invoke: Invoke): Invoke => {
  const reserved = new Map(functions.map(({ name, ReservedConcurrentExecutions }) => [name, ReservedConcurrentExecutions ?? Infinity]));
  const atWork = new Map<string, number>();
  return async (name, event) => {
    const most = reserved.get(name) ?? Infinity;
    const now = atWork.get(name) ?? 0;
    if (now >= most) throw new FunctionThrottledError(name, most);
    atWork.set(name, now + 1);
    try {
      return await invoke(name, event);
    } finally {
      atWork.set(name, (atWork.get(name) ?? 1) - 1);
    }
  };
};

export interface Patience {
  readonly pauseMilliseconds: number;
  /** Waits that many milliseconds. */
  readonly wait: (milliseconds: number) => Promise<void>;
  /** Tells that nobody is to be called any more. */
  readonly isOver: () => boolean;
}

/** Calls again after a pause while a function is throttled, as the pollers of queues and the calls of schedules do. */
export const patiently =
  (invoke: Invoke, { pauseMilliseconds, wait, isOver }: Patience): Invoke =>
  async (name, event) => {
    for (;;) {
      try {
        return await invoke(name, event);
      } catch (error) {
        if (!(error instanceof FunctionThrottledError) || isOver()) throw error;
        await wait(pauseMilliseconds);
      }
    }
  };
