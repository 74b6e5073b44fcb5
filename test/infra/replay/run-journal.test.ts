import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { InputError } from '../../../infra/local/replay/input-error.ts';
import { openRunJournal } from '../../../infra/local/replay/run-journal.ts';

describe('the folder of a run', () => {
  let place = '';
  beforeEach(() => {
    place = mkdtempSync(join(tmpdir(), 'claimjump-journal-'));
  });
  afterEach(() => rmSync(place, { recursive: true }));

  it('is made with those above it', () => {
    const folder = join(place, 'a', 'b');
    expect(openRunJournal(folder, 'run').entries).toEqual([]);
    expect(existsSync(join(folder, 'replay.jsonl'))).toBe(true);
  });

  it('marks the first step that follows a kill, and keeps the mark through the next', () => {
    const folder = join(place, 'run');
    const step = { id: 's', at: 1, equity: '0', cap: '0', free: '0', wanted: '0', refused: {}, conflicts: {}, notes: {}, closed: {}, latency: {}, watched: [], read: 0, write: 0, seconds: 0 };
    for (const steps of [2, 2, 0]) {
      const journal = openRunJournal(folder, 'run');
      for (let done = 0; done < steps; done += 1) journal.append(step);
    }
    expect(openRunJournal(folder, 'run').entries.map(({ afterKill }) => afterKill)).toEqual([false, false, true, false]);
  });

  it('below a file is refused with its name, and nothing is written', () => {
    const file = join(place, 'file');
    writeFileSync(file, '');
    const open = (): unknown => openRunJournal(join(file, 'x'), 'run');
    expect(open).toThrow(InputError);
    expect(open).toThrow(`--data-dir ${join(file, 'x')}: expected a folder that can be written`);
  });

  (existsSync('/proc/self') ? it : it.skip)('that the system would try to make for ever is refused at once', () => {
    expect(() => openRunJournal('/proc/nope', 'run')).toThrow('--data-dir /proc/nope: expected a folder that can be written');
  });
});
