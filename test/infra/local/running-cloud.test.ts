import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import type { LocalCloud } from '../../../infra/local/cloud-face.ts';
import type { RunningOptions } from '../../../infra/local/cloud-options.ts';
import { startLocalCloud } from '../../../infra/local/local-cloud.ts';
import { tokenBucket } from '../../../infra/local/token-bucket.ts';
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

describe('a throttle in running time', () => {
  it('lets through what the template says and answers 429 to the rest', async () => {
    const { urls } = await start(async () => undefined);
    const began = performance.now();
    const answers = await Promise.all(Array.from({ length: 40 }, async () => fetch(urls['worker'] ?? '', { method: 'POST' })));
    const seconds = (performance.now() - began) / 1000;
    const refused = answers.filter(({ status }) => status === 429);
    // Five at once and twenty a second; the worker itself may be busy, and is then throttled by its own concurrency.
    expect(answers.length - refused.length).toBeGreaterThanOrEqual(5);
    expect(answers.length - refused.length).toBeLessThanOrEqual(5 + Math.floor(20 * seconds));
    expect(await refused[0]?.json()).toEqual({ message: 'Too Many Requests' });
  });

  it('fills again as time goes on', () => {
    let now = 0;
    const bucket = tokenBucket({ perSecond: 2, burst: 3 }, () => now);
    const taken = (): number => Array.from({ length: 10 }, () => bucket.take()).filter(Boolean).length;
    expect(taken()).toBe(3);
    now = 499;
    expect(taken()).toBe(0);
    now = 1_000;
    expect(taken()).toBe(2);
    now = 60_000;
    expect(taken()).toBe(3);
  });
});

describe('a reserved concurrency in running time', () => {
  const atOnce = (): { readonly work: () => Promise<void>; most(): number } => {
    let now = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setTimeout(resolve, 100));
      now -= 1;
    };
    return { work, most: () => most };
  };

  it('is never passed: the call above it fails, and over HTTP is answered 503', async () => {
    const { work, most } = atOnce();
    const { urls, invoke } = await start(work);
    const direct = Array.from({ length: 3 }, async () => invoke('worker', {}));
    await expect(invoke('worker', {})).rejects.toThrow('worker: throttled, 3 calls are at work');
    const answer = await fetch(urls['worker'] ?? '', { method: 'POST' });
    expect([answer.status, await answer.json()]).toEqual([503, { message: 'Service Unavailable' }]);
    await Promise.all(direct);
    expect(most()).toBe(3);
    expect((await fetch(urls['worker'] ?? '', { method: 'POST' })).status).toBe(200);
  });

  it('lets a queue wait for its turn instead of counting a failure', async () => {
    let got = (): void => undefined;
    const arrived = new Promise<void>((resolve) => {
      got = resolve;
    });
    const failures: unknown[] = [];
    const { work } = atOnce();
    let calls = 0;
    const { invoke, deadLetters } = await start(
      async (_name, event, deps) => {
        if (event.Records !== undefined) return got();
        calls += 1;
        if (calls === 1) await send(deps, deps.environment['PLAIN_QUEUE_URL'] ?? '', 'waits');
        for (let rounds = 0; rounds < 3; rounds += 1) await work();
        return undefined;
      },
      { onFailure: (failure) => failures.push(failure) },
    );
    await Promise.all(Array.from({ length: 3 }, async () => invoke('worker', {})));
    await arrived;
    expect(failures).toEqual([]);
    expect(await deadLetters()).toEqual([]);
  });
});
