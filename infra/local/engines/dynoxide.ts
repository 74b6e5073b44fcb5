// The table engine of the local cloud: a DynamoDB emulator with transactions, as a program of its own.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { removeEngineFile, stopLeftOver, writeEngineFile } from './engine-file.ts';
import { findFreePort, LOOPBACK } from './free-port.ts';
import { startSupervised, type SupervisedChild } from './supervised-child.ts';

export interface Dynoxide {
  readonly endpoint: string;
  /** Null where an endpoint of the environment is used: then the engine is not ours. */
  readonly pid: number | null;
  stop(): Promise<void>;
}

export interface DynoxideOptions {
  /** Where the data is kept; null keeps it in memory. */
  readonly dataDir: string | null;
}

/** Says that there is no engine on this machine, and how to get one. */
export class NoEngineError extends Error {
  constructor() {
    super(
      `no table engine for ${process.platform}-${process.arch}: install the package @dynoxide/${process.platform}-${process.arch}, ` +
        'put a dynoxide on the PATH, or name a running engine in DYNAMODB_ENDPOINT',
    );
    this.name = 'NoEngineError';
  }
}

const STARTS = 5;
const READY_MILLISECONDS = 5000;
const LOOK_MILLISECONDS = 5;
const DATABASE = 'table.db';

/** Starts the engine on a free loopback port. @throws NoEngineError or DataFolderInUseError */
export const startDynoxide = async ({ dataDir }: DynoxideOptions): Promise<Dynoxide> => {
  const program = findProgram();
  if (program === null) return useGivenEndpoint();
  if (dataDir !== null) await stopLeftOver(dataDir);
  for (let tried = 1; ; tried += 1) {
    const started = await tryStart(program, dataDir);
    if (started.kind === 'READY') return asEngine(started, dataDir);
    if (tried === STARTS) throw new Error(`${program} did not start: ${started.lastWords}`);
  }
};

type Started =
  | { readonly kind: 'READY'; readonly child: SupervisedChild; readonly endpoint: string }
  | { readonly kind: 'ENDED'; readonly lastWords: string };

const tryStart = async (program: string, dataDir: string | null): Promise<Started> => {
  const port = await findFreePort();
  const storage = dataDir === null ? [] : ['--db-path', join(dataDir, DATABASE)];
  const child = await startSupervised(program, ['serve', '--host', LOOPBACK, '--port', String(port), ...storage]);
  const endpoint = `http://${LOOPBACK}:${port}`;
  if (await isReady(child, endpoint)) {
    // Only now does the process surely run the engine, and no longer the watcher's copy that becomes it.
    if (dataDir !== null) writeEngineFile(dataDir, child.pid);
    return { kind: 'READY', child, endpoint };
  }
  await child.stop();
  return { kind: 'ENDED', lastWords: child.lastWords() };
};

const asEngine = ({ child, endpoint }: Extract<Started, { kind: 'READY' }>, dataDir: string | null): Dynoxide => ({
  endpoint,
  pid: child.pid,
  stop: async () => {
    await child.stop();
    if (dataDir !== null) removeEngineFile(dataDir);
  },
});

// Somebody else may have taken the port in between: an answer counts only while our own child lives.
const isReady = async (child: SupervisedChild, endpoint: string): Promise<boolean> => {
  let hasEnded = false;
  void child.ended.then(() => {
    hasEnded = true;
  });
  for (const deadline = Date.now() + READY_MILLISECONDS; !hasEnded && Date.now() < deadline; ) {
    if (await answers(endpoint)) {
      await delay(LOOK_MILLISECONDS);
      return !hasEnded;
    }
    await delay(LOOK_MILLISECONDS);
  }
  return false;
};

const answers = async (endpoint: string): Promise<boolean> => {
  try {
    await (await fetch(endpoint)).arrayBuffer();
    return true;
  } catch {
    return false;
  }
};

const findProgram = (): string | null => {
  const name = process.platform === 'win32' ? 'dynoxide.exe' : 'dynoxide';
  const folders = [packageFolder(), ...(process.env['PATH'] ?? '').split(delimiter)];
  const found = folders.flatMap((folder) => (folder === null || folder === '' ? [] : [join(folder, name)])).find((path) => existsSync(path));
  return found ?? null;
};

const packageFolder = (): string | null => {
  try {
    return dirname(createRequire(import.meta.url).resolve(`@dynoxide/${process.platform}-${process.arch}/package.json`));
  } catch {
    return null;
  }
};

const useGivenEndpoint = (): Dynoxide => {
  const endpoint = process.env['DYNAMODB_ENDPOINT'];
  if (endpoint === undefined || endpoint === '') throw new NoEngineError();
  return { endpoint, pid: null, stop: async () => undefined };
};
