// Which engine works on a data folder, so that the next start finds and ends one that was left behind.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { identifyProcess } from './process-identity.ts';

/** Says that another program is working on this data folder. */
export class DataFolderInUseError extends Error {
  constructor(dataDir: string, owner: number) {
    super(`${dataDir} is in use by process ${owner}`);
    this.name = 'DataFolderInUseError';
  }
}

interface EngineRecord {
  readonly pid: number;
  readonly identity: string;
  readonly owner: number;
  readonly ownerIdentity: string;
  readonly startedAt: string;
}

const NAME = 'engine.pid';
const PATIENCE_MILLISECONDS = 3000;
const LOOK_MILLISECONDS = 20;

/** Writes down the engine that was started on a data folder, and who started it. */
export const writeEngineFile = (dataDir: string, pid: number): void => {
  const record: EngineRecord = {
    pid,
    identity: identifyProcess(pid) ?? '',
    owner: process.pid,
    ownerIdentity: identifyProcess(process.pid) ?? '',
    startedAt: new Date().toISOString(),
  };
  writeFileSync(join(dataDir, NAME), `${JSON.stringify(record, null, 1)}\n`);
};

export const removeEngineFile = (dataDir: string): void => {
  rmSync(join(dataDir, NAME), { force: true });
};

/**
 * Ends the engine that a killed owner left on this data folder; any other process of that id is let be.
 * @throws DataFolderInUseError when its owner is alive
 */
export const stopLeftOver = async (dataDir: string): Promise<void> => {
  mkdirSync(dataDir, { recursive: true });
  const record = readRecord(dataDir);
  if (record === null || identifyProcess(record.pid) !== record.identity) return;
  if (identifyProcess(record.owner) === record.ownerIdentity) throw new DataFolderInUseError(dataDir, record.owner);
  await end(record, 'SIGTERM');
  await end(record, 'SIGKILL');
};

const end = async (record: EngineRecord, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
  const deadline = Date.now() + PATIENCE_MILLISECONDS;
  const isThere = (): boolean => identifyProcess(record.pid) === record.identity;
  if (isThere()) process.kill(record.pid, signal);
  while (isThere() && Date.now() < deadline) await delay(LOOK_MILLISECONDS);
};

const readRecord = (dataDir: string): EngineRecord | null => {
  try {
    return asRecord(JSON.parse(readFileSync(join(dataDir, NAME), 'utf8')));
  } catch {
    return null;
  }
};

const asRecord = (value: unknown): EngineRecord | null => {
  if (typeof value !== 'object' || value === null) return null;
  const { pid, identity, owner, ownerIdentity, startedAt } = { pid: null, identity: null, owner: null, ownerIdentity: null, startedAt: null, ...value };
  if (typeof pid !== 'number' || typeof owner !== 'number') return null;
  if (typeof identity !== 'string' || typeof ownerIdentity !== 'string' || typeof startedAt !== 'string') return null;
  return { pid, identity, owner, ownerIdentity, startedAt };
};
