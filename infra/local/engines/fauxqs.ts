// The queue engine of the local cloud: an SQS emulator inside this process.
import { mkdirSync } from 'node:fs';
import { Server } from 'node:net';
import { startFauxqs as startServer } from 'fauxqs';
import { findFreePort, LOOPBACK } from './free-port.ts';

export interface Fauxqs {
  readonly endpoint: string;
  /** Address of a queue on this engine. */
  queueUrl(name: string): string;
  stop(): Promise<void>;
}

export interface FauxqsOptions {
  /** Where messages are kept; null keeps them in memory. */
  readonly dataDir: string | null;
}

const ACCOUNT = '000000000000';
const EVERY_ADDRESS = '0.0.0.0';

/** Starts the engine on a free loopback port. */
export const startFauxqs = async ({ dataDir }: FauxqsOptions): Promise<Fauxqs> => {
  if (dataDir !== null) mkdirSync(dataDir, { recursive: true });
  const port = await findFreePort();
  const server = await listeningOnLoopback(port, () => startServer({ port, host: LOOPBACK, logger: false, ...(dataDir === null ? {} : { dataDir }) }));
  const endpoint = `http://${LOOPBACK}:${port}`;
  return {
    endpoint,
    queueUrl: (name) => `${endpoint}/${ACCOUNT}/${name}`,
    stop: async () => {
      await server.stop();
    },
  };
};

/**
 * Runs a start whose server would listen on every address of the machine, and lets it listen on loopback instead:
 * the engine has no option for it. Other servers that begin to listen meanwhile are let be.
 */
const listeningOnLoopback = async <Started extends { stop(): Promise<void> }>(port: number, start: () => Promise<Started>): Promise<Started> => {
  const own = Object.getOwnPropertyDescriptor(Server.prototype, 'listen');
  const listen: unknown = own?.value;
  if (own === undefined || typeof listen !== 'function') throw new Error('node:net has no listen to bind the queue engine with');
  let bound = false;
  const replaced = function (this: Server, ...args: unknown[]): unknown {
    const [options, ...rest] = args;
    if (!isListenTo(options, port)) return Reflect.apply(listen, this, args);
    bound = true;
    return Reflect.apply(listen, this, [{ ...options, host: LOOPBACK }, ...rest]);
  };
  Object.defineProperty(Server.prototype, 'listen', { ...own, value: replaced });
  try {
    const started = await start();
    if (bound) return started;
    await started.stop();
    throw new Error('the queue engine listens in a way that cannot be kept to loopback');
  } finally {
    Object.defineProperty(Server.prototype, 'listen', own);
  }
};

const isListenTo = (options: unknown, port: number): options is object =>
  typeof options === 'object' && options !== null && 'port' in options && 'host' in options && options.port === port && options.host === EVERY_ADDRESS;
