import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ensureSynth, isStale } from '../../../infra/local/synth.ts';
import { makeDirectory } from './assembly-fixture.ts';

const OLD = new Date('2024-01-01T00:00:00Z');
const LATER = new Date('2024-01-02T00:00:00Z');

describe('the synthesized stack', () => {
  let root = makeDirectory();
  let calls = 0;
  beforeEach(() => {
    root = makeDirectory();
    calls = 0;
    write('functions/one/handler.ts', OLD);
    write('shared/domain/decide.ts', OLD);
    write('infra/local/settle.ts', OLD);
    for (const folder of ['functions/one', 'functions', 'shared/domain', 'shared', 'infra']) {
      utimesSync(join(root.path, folder), OLD, OLD);
    }
  });
  afterEach(() => {
    root.remove();
  });
  const write = (path: string, time: Date, text = ''): void => {
    const file = join(root.path, path);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, text);
    utimesSync(file, time, time);
  };
  const synthesize = async (): Promise<void> => {
    calls += 1;
    write('cdk.out/manifest.json', LATER, '{"claimjump-paper":{}}');
  };
  const ensure = async (): Promise<string> => ensureSynth({ root: root.path, synthesize });

  it('is made when there is none', async () => {
    expect(await ensure()).toBe(join(root.path, 'cdk.out'));
    expect(calls).toBe(1);
  });

  it('is used again while nothing has changed', async () => {
    await ensure();
    await ensure();
    expect(calls).toBe(1);
    expect(isStale(root.path)).toBe(false);
  });

  it.each(['functions/one/handler.ts', 'shared/domain/decide.ts', 'infra/pipeline-stack.ts', 'stages/paper.json', 'package-lock.json', 'cdk.json'])(
    'is made anew after a change of %s',
    async (path) => {
      await ensure();
      write(path, new Date(LATER.getTime() + 1000));
      await ensure();
      expect(calls).toBe(2);
    },
  );

  it('is made anew after a file was taken away', async () => {
    await ensure();
    rmSync(join(root.path, 'shared/domain/decide.ts'));
    expect(isStale(root.path)).toBe(true);
  });

  it('is made anew when it is of another stage', async () => {
    write('cdk.out/manifest.json', LATER, '{"claimjump-live":{}}');
    expect(isStale(root.path)).toBe(true);
  });

  it('does not depend on the local cloud, which is not deployed', async () => {
    await ensure();
    write('infra/local/settle.ts', new Date(LATER.getTime() + 1000));
    expect(isStale(root.path)).toBe(false);
  });

  it('is made by one process at a time, and a killed one holds up nobody', async () => {
    write('.claimjump/synth.lock', OLD, '999999999');
    await Promise.all([ensure(), ensure()]);
    expect(calls).toBe(1);
  });

  it('can be tried again after a failure', async () => {
    const fails = async (): Promise<void> => {
      throw new Error('cdk says no');
    };
    await expect(ensureSynth({ root: root.path, synthesize: fails })).rejects.toThrow('cdk says no');
    await ensure();
    expect(calls).toBe(1);
  });
});
