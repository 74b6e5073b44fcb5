import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '../../..');
const shared = (kind: string): string => join(root, 'test/cases', `${kind}.json`);
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'claimjump-conformance-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function conformance(...files: string[]) {
  const main = join(root, 'console/conformance/main.ts');
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--no-warnings', main, ...files], { encoding: 'utf8' });
  return { status, lines: stdout.trimEnd().split('\n'), stderr };
}

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const wrongCase = { id: 'm-1', name: 'Christmas', input: { at: '2025-12-25T11:00:00-05:00' }, expected: { nyseOpen: true } };

describe('npm run conformance', () => {
  it('ends with 0 and the sum as its last line when all pass', () => {
    const { status, lines } = conformance(shared('fight'), shared('distance'));
    expect([status, lines]).toEqual([0, ['42 passed, 0 failed']]);
  });

  it('ends with 1 and names the case that failed', () => {
    const path = file('wrong.json', { kind: 'market-hours', cases: [wrongCase] });
    const { status, lines } = conformance(shared('fight'), path);
    expect(status).toBe(1);
    expect(lines).toEqual([
      `FAILED m-1: Christmas (${path})`,
      '  expected {"nyseOpen":true}',
      '  found    {"nyseOpen":false,"cryptoOutOfHours":true}',
      '18 passed, 1 failed',
    ]);
  });

  it.each([
    ['an unknown kind', { kind: 'nonsense', cases: [wrongCase] }, 'top.kind: expected one of '],
    ['text that is no JSON', '{"kind": "fight",\n oops', 'line 2, column 2: not JSON'],
    ['a case without an id', { kind: 'market-hours', cases: [{ ...wrongCase, id: null }] }, 'top.cases[0].id: expected a text, found null'],
  ])('ends with 2, file and place for %s, and says nothing of passing', (_name, content, place) => {
    const path = file('malformed.json', content);
    const { status, lines, stderr } = conformance(shared('fight'), path);
    expect([status, lines]).toEqual([2, ['']]);
    expect(stderr).toContain(`${path}: ${place}`);
  });

  it('ends with 2 for a file that is not there, a folder, or no file at all', () => {
    expect(conformance(join(folder, 'absent.json'))).toMatchObject({ status: 2, stderr: expect.stringContaining('absent.json') });
    expect(conformance(folder).status).toBe(2);
    expect(conformance()).toMatchObject({ status: 2, stderr: expect.stringContaining('usage') });
  });
});
