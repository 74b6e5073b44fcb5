import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { createLocalJournal } from '../../../infra/local/journal.ts';
import { announceLocalCloud, findLocalCloud } from '../../../infra/local/local-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'claimjump-journal-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const trace = { account: 'main', source: 'tick', requestId: 'r', correlationId: 'c' } as const;
const noteOf = (fields: Record<string, string>, name = 'FILL') => ({ name, level: 'INFO', message: 'a fact', fields }) as const;
const ALL = { symbol: null, fact: null, from: 0, to: 100, most: 100 };

describe('the journal on one machine', () => {
  it('gives what was told of a symbol, in its time, the latest, on either side of a steal', async () => {
    let now = 1;
    const journal = createLocalJournal({ clock: { now: () => now }, file: null });
    for (const fields of [{ symbol: 'A' }, { symbol: 'B' }, { thief: 'A', victim: 'B' }, { symbol: 'A' }]) {
      journal.hear(noteOf(fields), trace);
      now += 1;
    }
    const times = async (change: object) => (await journal.read({ ...ALL, ...change })).map(({ at }) => at);
    expect(await times({})).toEqual([1, 2, 3, 4]);
    expect(await times({ symbol: 'A' })).toEqual([1, 3, 4]);
    expect(await times({ symbol: 'B' })).toEqual([2, 3]);
    expect(await times({ symbol: 'A', from: 2, to: 3 })).toEqual([3]);
    expect(await times({ symbol: 'A', most: 2 })).toEqual([3, 4]);
    expect(await times({ fact: 'STEAL' })).toEqual([]);
  });

  it('hides secrets as the log does, and carries the trace (SL-14)', async () => {
    const journal = createLocalJournal({ clock: { now: () => 1 }, file: null });
    journal.hear({ ...noteOf({ apiKey: 'hush', url: 'https://me:word@host' }), message: 'Bearer abc.def' }, trace);
    const [entry] = await journal.read(ALL);
    expect(JSON.stringify(entry)).not.toMatch(/hush|word|abc/);
    expect(entry?.fields).toMatchObject({ source: 'tick', correlationId: 'c' });
  });

  it('is bounded in memory', async () => {
    let now = 0;
    const journal = createLocalJournal({ clock: { now: () => (now += 1) }, file: null, most: 10 });
    for (let count = 0; count < 57; count += 1) journal.hear(noteOf({}), trace);
    const read = await journal.read(ALL);
    expect([read.length <= 15, read.length >= 10, read.at(-1)?.at]).toEqual([true, true, 57]);
  });

  it('is found again in its file, half a line at its end notwithstanding', async () => {
    const file = join(folder, 'kept', 'journal.ndjson');
    createLocalJournal({ clock: { now: () => 5 }, file }).hear(noteOf({ symbol: 'A' }), trace);
    appendFileSync(file, '{"at":6,"lev');
    expect(await createLocalJournal({ clock: { now: () => 7 }, file }).read(ALL)).toMatchObject([{ at: 5, fact: 'FILL', fields: { symbol: 'A' } }]);
  });
});

describe('where a local cloud is found', () => {
  const file = join(folder, 'local', 'local.json');
  const urls = { operator: 'http://127.0.0.1:1/operator', 'plan-intake': 'http://127.0.0.1:1/plans' };

  it('is there while it runs, and gone afterwards', () => {
    expect(findLocalCloud(file)).toEqual({ kind: 'NONE' });
    const withdraw = announceLocalCloud(urls, file);
    expect(findLocalCloud(file)).toEqual({ kind: 'RUNNING', addresses: { schema: 1, pid: process.pid, operator: urls.operator, plans: urls['plan-intake'] } });
    withdraw();
    expect(findLocalCloud(file)).toEqual({ kind: 'NONE' });
  });

  it('is stale where its process has ended, or the file is none of ours', () => {
    writeFileSync(file, JSON.stringify({ schema: 1, pid: 4_194_304, operator: urls.operator, plans: urls['plan-intake'] }));
    expect(findLocalCloud(file)).toEqual({ kind: 'STALE' });
    for (const operator of ['https://example.com/operator', 'http://127.0.0.1.example.com/operator', 'http://127.0.0.1@example.com/', 'file:///etc/passwd']) {
      writeFileSync(file, JSON.stringify({ schema: 1, pid: process.pid, operator, plans: urls['plan-intake'] }));
      expect(findLocalCloud(file)).toEqual({ kind: 'STALE' });
    }
    writeFileSync(file, '{');
    expect(findLocalCloud(file)).toEqual({ kind: 'STALE' });
  });

  it('leaves the file of a cloud that was started since', () => {
    const withdraw = announceLocalCloud(urls, file);
    writeFileSync(file, readFileSync(file, 'utf8').replace(String(process.pid), String(process.ppid)));
    withdraw();
    expect(findLocalCloud(file).kind).toBe('RUNNING');
  });
});
