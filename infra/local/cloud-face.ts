// What a local cloud shows to whoever started it, in stepped and in running time alike.
import type { Clock } from '../../shared/ports.ts';
import type { CloudBase } from './cloud-base.ts';
import type { CloudParts } from './cloud-parts.ts';
import { countDeadLetters } from './dead-letters.ts';
import type { DeadLetters } from './dead-letters.ts';
import { openHttpDoor } from './http-door.ts';
import type { HttpDoor } from './http-door.ts';

export interface LocalCloud {
  readonly clock: Clock;
  readonly parts: CloudParts;
  /** Trading account of the template. */
  readonly account: string;
  readonly tableName: string;
  /** Addresses of both engines. */
  readonly endpoints: { readonly dynamodb: string; readonly sqs: string };
  /** Addresses of the HTTP API by the name of the function behind each. */
  readonly urls: Readonly<Record<string, string>>;
  /** Calls a function directly. @throws what the function throws */
  invoke(functionName: string, payload: unknown): Promise<unknown>;
  /** What the queues gave up on so far. */
  deadLetters(): Promise<readonly DeadLetters[]>;
  /** Stops everything that was started; nothing is left listening. */
  close(): Promise<void>;
}

export type Invoke = (functionName: string, event: unknown) => Promise<unknown>;

export interface Face {
  readonly clock: Clock;
  readonly base: CloudBase;
  readonly invoke: Invoke;
  readonly httpPort: number;
  /** Milliseconds that the throttles of the HTTP API count by; null where time stands still. */
  readonly throttledBy: (() => number) | null;
}

const openDoor = async ({ base, invoke, httpPort, throttledBy }: Face): Promise<HttpDoor> => {
  const { routes, functions } = base.parts;
  try {
    return await openHttpDoor({ routes, functions, port: httpPort, invoke, throttledBy });
  } catch (error) {
    await base.close();
    throw error;
  }
};

/** Opens the HTTP API and gives the cloud its face; the base is closed if that fails. */
export const openFace = async (face: Face): Promise<LocalCloud> => {
  const { base } = face;
  const door = await openDoor(face);
  return {
    clock: face.clock,
    parts: base.parts,
    account: base.account,
    tableName: base.parts.table.name,
    endpoints: base.endpoints,
    urls: door.urls,
    invoke: face.invoke,
    deadLetters: async () => countDeadLetters(base),
    close: async () => {
      await door.close();
      await base.close();
    },
  };
};
