import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { makeDirectory, writeAssembly } from './assembly-fixture.ts';

const assembly = writeAssembly();
const data = makeDirectory();
afterAll(() => {
  assembly.remove();
  data.remove();
});

const PARENT = `
import { startLocalCloud } from ${JSON.stringify(join(process.cwd(), 'infra/local/local-cloud.ts'))};
const cloud = await startLocalCloud({
  assemblyDirectory: process.argv[1],
  dataDirectory: process.argv[2],
  clock: 'running',
  overrides: { behave: async () => undefined },
});
console.log(JSON.stringify([cloud.urls.worker, cloud.endpoints.dynamodb, cloud.endpoints.sqs]));
`;

const answers = async (url: string): Promise<boolean> => {
  try {
    await fetch(url, { method: 'POST' });
    return true;
  } catch {
    return false;
  }
};

describe('a local cloud whose process is killed', () => {
  it('leaves no engine running', async () => {
    const parent = spawn(
      process.execPath,
      ['--no-warnings', '--input-type=module', '-e', PARENT, assembly.path, data.path],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const line = await new Promise<string>((resolve) => {
      parent.stdout.once('data', (chunk: Buffer) => {
        resolve(chunk.toString());
      });
    });
    const urls: string[] = JSON.parse(line);
    for (const url of urls) expect(await answers(url)).toBe(true);
    parent.kill('SIGKILL');
    const until = Date.now() + 10_000;
    const left = async (): Promise<string[]> => {
      const alive: string[] = [];
      for (const url of urls) if (await answers(url)) alive.push(url);
      return alive;
    };
    while ((await left()).length > 0 && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await left()).toEqual([]);
  });
});
