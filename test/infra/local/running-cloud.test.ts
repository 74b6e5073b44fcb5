import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import type { LocalCloud } from '../../../infra/local/cloud-face.ts';
import type { RunningOptions } from '../../../infra/local/cloud-options.ts';
import { startLocalCloud } from '../../../infra/local/local-cloud.ts';
import { send, writeAssembly } from './assembly-fixture.ts';
import type { Behave } from './assembly-fixture.ts';

const assembly = writeAssembly();
afterAll(() => {
  assembly.remove();
});

let cloud: LocalCloud | undefined;
afterEach(async () => {
  await cloud?.close();
  cloud = undefined;
});
const start = async (behave: Behave, options: Partial<RunningOptions> = {}): Promise<LocalCloud> => {
  cloud = await startLocalCloud({
    assemblyDirectory: assembly.path,
    dataDirectory: null,
    clock: 'running',
    overrides: { behave },
    ...options,
  });
  return cloud;
};

describe('a cloud on the machine’s clock', () => {
  it('works what is sent by itself, a delayed message after its delay', async () => {
    const got: [string, number][] = [];
    let arrived = (): void => undefined;
    const all = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const running = await start(async (_name, event, deps) => {
      for (const { body } of event.Records ?? []) got.push([body, Date.now()]);
      if (got.length === 2) arrived();
      for (const { body, ...options } of event.sends ?? []) await send(deps, deps.environment['PLAIN_QUEUE_URL'] ?? '', body, options);
    });
    const sentAt = Date.now();
    await running.invoke('worker', { sends: [{ body: 'later', delaySeconds: 1 }, { body: 'now' }] });
    await all;
    expect(got.map(([body]) => body)).toEqual(['now', 'later']);
    expect((got[1]?.[1] ?? 0) - sentAt).toBeGreaterThanOrEqual(950);
    expect(Math.abs(running.clock.now() - Date.now())).toBeLessThan(60_000);
  });

  it('waits at its end for the handler that is at work', async () => {
    let finished = false;
    let begun = (): void => undefined;
    const working = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const running = await start(async (_name, event, deps) => {
      if (event.Records === undefined) return send(deps, deps.environment['PLAIN_QUEUE_URL'] ?? '', 'slow');
      begun();
      await new Promise((resolve) => setTimeout(resolve, 300));
      finished = true;
      return undefined;
    });
    await running.invoke('worker', {});
    await working;
    await running.close();
    cloud = undefined;
    expect(finished).toBe(true);
  });
});
