import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { startDynoxide } from '../../../infra/local/engines/dynoxide.ts';
import { identifyProcess } from '../../../infra/local/engines/process-identity.ts';
import { connect, createTable, TABLE } from '../../contracts/store-bench.ts';

const OWNER = fileURLToPath(new URL('./engine-owner.ts', import.meta.url));

const tablesOf = async (endpoint: string): Promise<readonly string[]> => {
  const client = connect(endpoint);
  const { TableNames = [] } = await client.send(new ListTablesCommand({}));
  client.destroy();
  return TableNames;
};

const goneWithin = async (pid: number, milliseconds: number): Promise<boolean> => {
  for (const deadline = Date.now() + milliseconds; Date.now() < deadline; await delay(20)) if (identifyProcess(pid) === null) return true;
  return false;
};

describe('the table engine', () => {
  let dataDir: string;
  let owners: ChildProcess[];
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'claimjump-engine-'));
    owners = [];
  });
  afterEach(() => {
    for (const owner of owners) owner.kill('SIGKILL');
    rmSync(dataDir, { recursive: true, force: true });
  });

  const startOwner = async (): Promise<{ owner: ChildProcess; pid: number }> => {
    const owner = spawn(process.execPath, ['--no-warnings', OWNER, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
    owners.push(owner);
    const [line] = await once(createInterface(owner.stdout), 'line');
    return { owner, pid: Number(line) };
  };

  it('ends with its stop', async () => {
    const engine = await startDynoxide({ dataDir: null });
    expect(await tablesOf(engine.endpoint)).toEqual([]);
    await engine.stop();
    expect(identifyProcess(engine.pid ?? -1)).toBeNull();
  });

  it('keeps its data from one start to the next', async () => {
    for (const known of [[], [TABLE]]) {
      const engine = await startDynoxide({ dataDir });
      expect(await tablesOf(engine.endpoint)).toEqual(known);
      const client = connect(engine.endpoint);
      if (known.length === 0) await createTable(client);
      client.destroy();
      await engine.stop();
    }
  });

  it('ends with a parent that is killed outright', async () => {
    const { owner, pid } = await startOwner();
    expect(identifyProcess(pid)).toContain(dataDir);
    owner.kill('SIGKILL');
    expect(await goneWithin(pid, 5000)).toBe(true);
  });

  it('is started only once on a data folder', async () => {
    const { owner } = await startOwner();
    await expect(startDynoxide({ dataDir })).rejects.toThrow(`in use by process ${owner.pid}`);
  });

  it('ends what a killed owner left on its data folder', async () => {
    const { pid } = await startOwner();
    // The file as an owner leaves it whose engine did not notice its end.
    const file = join(dataDir, 'engine.pid');
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), ownerIdentity: 'somebody who has ended' }));
    const engine = await startDynoxide({ dataDir });
    expect(identifyProcess(pid)).toBeNull();
    await engine.stop();
  });

  it('lets another process be that has taken the id of its left-over', async () => {
    const other = spawn('sleep', ['30']);
    owners.push(other);
    const record = { pid: other.pid, identity: 'an engine of old', owner: 1, ownerIdentity: 'its owner', startedAt: '' };
    writeFileSync(join(dataDir, 'engine.pid'), JSON.stringify(record));
    const engine = await startDynoxide({ dataDir });
    expect(identifyProcess(other.pid ?? -1)).not.toBeNull();
    await engine.stop();
  });
});
