import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const FINISHED_ISSUES: ReadonlySet<number> = new Set([1, 2, 3, 4]);
const RULE_ID = /\b(?:WS|EW|MH|SL|EX|FP|KS)-\d+\b/g;
const root = join(import.meta.dirname, '..');

interface Rule {
  readonly id: string;
  readonly issue: number;
  readonly text: string;
}

/** Reads the entries of docs/rules.md: a heading with the id, then a line with the issue and the files. */
function readRules(page: string): Rule[] {
  return page
    .split(/^### /m)
    .slice(1)
    .map((entry) => {
      const found = /^([A-Z]{2}-\d+) · .+\nissue (\d) · `.+`\n\n([\s\S]+)/.exec(entry);
      if (found === null) throw new Error(`docs/rules.md: not an entry: ${entry.slice(0, 80)}`);
      const [, id = '', issue = '', text = ''] = found;
      return { id, issue: Number(issue), text };
    });
}

/** Finds every rule whose issue is done and that no test names. */
function unprovenRules(rules: readonly Rule[], tests: readonly string[]): string[] {
  const named = new Set(tests.flatMap((text) => text.match(RULE_ID) ?? []));
  return rules.filter((rule) => FINISHED_ISSUES.has(rule.issue) && !named.has(rule.id)).map((rule) => rule.id);
}

function filesUnder(folder: string, ending: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending) && !name.includes('node_modules'))
    .map((name) => join(root, folder, name));
}

const page = readFileSync(join(root, 'docs/rules.md'), 'utf8');
const rules = readRules(page);
const tests = filesUnder('test', '.test.ts')
  .filter((file) => !file.endsWith('rules.test.ts'))
  .map((file) => readFileSync(file, 'utf8'));

describe('the rules of docs/rules.md', () => {
  it('has every family in full, each id once', () => {
    const sizes = { WS: 13, EW: 8, MH: 3, SL: 15, EX: 12, FP: 1, KS: 2 };
    const ids = Object.entries(sizes).flatMap(([family, size]) =>
      Array.from({ length: size }, (_, index) => `${family}-${index + 1}`),
    );
    expect(rules.map((rule) => rule.id).toSorted()).toEqual(ids.toSorted());
  });

  it('names no rule in its texts that has no entry', () => {
    const known = new Set(rules.map((rule) => rule.id));
    expect((page.match(RULE_ID) ?? []).filter((id) => !known.has(id))).toEqual([]);
  });

  it('has an entry for every id that the code or a test names', () => {
    const known = new Set(rules.map((rule) => rule.id));
    const code = ['shared', 'functions', 'infra', 'console'].flatMap((folder) => filesUnder(folder, '.ts'));
    const named = [...code.map((file) => readFileSync(file, 'utf8')), ...tests].flatMap((text) => text.match(RULE_ID) ?? []);
    expect([...new Set(named)].filter((id) => !known.has(id))).toEqual([]);
  });

  it('has a test for every rule of an issue that is done', () => {
    expect(unprovenRules(rules, tests)).toEqual([]);
  });

  it('goes red for a rule that no test names, and not for one of an issue to come', () => {
    const page = '### WS-1 · a\nissue 1 · `x`\n\nText.\n\n### WS-12 · b\nissue 1 · `x`\n\nText.\n\n### EX-1 · c\nissue 9 · `x`\n\nText.\n';
    expect(unprovenRules(readRules(page), ["describe('WS-12 probes')"])).toEqual(['WS-1']);
  });
});
