// Runs the bundles that would be deployed, each with the environment that the template gives it.
import { randomUUID } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import type { Context } from 'aws-lambda';
import { z } from 'zod';
import type { Store } from '../../shared/ports.ts';
import type { FunctionPart } from './cloud-parts.ts';
import { TemplateError } from './assembly.ts';

export type Environment = Readonly<Record<string, string>>;
type Handler = (event: unknown, context: Context) => Promise<unknown>;

/** Says that there is no function of a name. */
export class UnknownFunctionError extends Error {
  constructor(name: string, known: readonly string[]) {
    super(`function ${name}: expected one of ${known.join(', ')}`);
    this.name = 'UnknownFunctionError';
  }
}

/** Says that a function did not answer within its time limit; what it was doing may still go on. */
export class FunctionTimeoutError extends Error {
  constructor(name: string, seconds: number) {
    super(`function ${name}: timed out after ${seconds} s`);
    this.name = 'FunctionTimeoutError';
  }
}

export interface FunctionHost {
  readonly functions: readonly FunctionPart[];
  /** Calls a function and waits for its answer. @throws what the function throws, or FunctionTimeoutError */
  invoke(name: string, event: unknown): Promise<unknown>;
}

/** Puts something between a function and its store; `watcher` is the same table, held to no policy and not counted. */
export type WrapStore = (store: Store, watcher: Store) => Store;

/** Another release beside the one of the template, as during a deploy; whoever starts the cloud says which takes a call. */
export interface OtherRelease {
  /** Bundle of a function; null where that release has no such function. */
  fileOf(functionName: string): string | null;
  takes(functionName: string, event: unknown): boolean;
}

export interface HostOptions {
  readonly environmentOf: (part: FunctionPart) => Environment;
  /** What replaces the adapters that a function would build itself. */
  readonly overridesOf: (part: FunctionPart) => object;
  /** What stands between each function and its store; null for nothing. */
  readonly wrapStore: WrapStore | null;
  /** Null where one release takes every call. */
  readonly otherRelease: OtherRelease | null;
  /** What replaces the adapters of the store that is not the function's. */
  readonly watcherOverrides: object;
}

interface BuiltDeps {
  readonly store: Store;
}

const isFunction = (value: unknown): boolean => typeof value === 'function';
const bundle = z.object({
  createDeps: z.custom<(environment: Environment, overrides: object) => BuiltDeps>(isFunction),
  createHandler: z.custom<(deps: BuiltDeps) => Handler>(isFunction),
});

const loadOther = async (part: FunctionPart, options: HostOptions): Promise<Handler | null> => {
  const file = options.otherRelease?.fileOf(part.name) ?? null;
  return file === null ? null : load({ ...part, file }, options);
};

const load = async (part: FunctionPart, options: HostOptions): Promise<Handler> => {
  const loaded: unknown = await import(pathToFileURL(part.file).href);
  const parsed = bundle.safeParse(loaded);
  if (!parsed.success) {
    throw new TemplateError(part.name, 'a bundle that exports createDeps and createHandler', { cause: parsed.error });
  }
  const { createDeps, createHandler } = parsed.data;
  const environment = options.environmentOf(part);
  const deps = createDeps(environment, options.overridesOf(part));
  if (options.wrapStore === null) return createHandler(deps);
  const watcher = createDeps(environment, { ...options.overridesOf(part), ...options.watcherOverrides });
  return createHandler({ ...deps, store: options.wrapStore(deps.store, watcher.store) });
};

const ended = (): never => {
  throw new Error('context.done, fail and succeed: expected a promise instead');
};

const contextOf = (part: FunctionPart, deadline: number): Context => ({
  callbackWaitsForEmptyEventLoop: true,
  functionName: part.name,
  functionVersion: '$LATEST',
  invokedFunctionArn: part.arn,
  memoryLimitInMB: String(part.MemorySize),
  awsRequestId: randomUUID(),
  logGroupName: part.name,
  logStreamName: 'local',
  getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  done: ended,
  fail: ended,
  succeed: ended,
});

const run = async (part: FunctionPart, handler: Handler, event: unknown): Promise<unknown> => {
  const limit = part.Timeout * 1000;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new FunctionTimeoutError(part.name, part.Timeout));
    }, limit);
  });
  try {
    return await Promise.race([handler(event, contextOf(part, Date.now() + limit)), late]);
  } finally {
    clearTimeout(timer);
  }
};

/** Loads every function's bundle and builds its handler. @throws TemplateError for a bundle that is none of ours */
export const loadFunctions = async (parts: readonly FunctionPart[], options: HostOptions): Promise<FunctionHost> => {
  const loaded = new Map<string, { readonly part: FunctionPart; readonly handler: Handler; readonly other: Handler | null }>();
  for (const part of parts) loaded.set(part.name, { part, handler: await load(part, options), other: await loadOther(part, options) });
  return {
    functions: parts,
    invoke: async (name, event) => {
      const found = loaded.get(name);
      if (found === undefined) throw new UnknownFunctionError(name, [...loaded.keys()]);
      const takesOther = found.other !== null && options.otherRelease?.takes(name, event) === true;
      return run(found.part, takesOther ? found.other : found.handler, event);
    },
  };
};
