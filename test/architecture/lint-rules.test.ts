import { describe, expect, it } from '@jest/globals';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';

// The planted files do not exist, so the rules that need types are left to the one test that lints a real path.
const untyped = new ESLint({
  overrideConfig: [{ files: ['**/*.ts'], ...tseslint.configs.disableTypeChecked }],
});
const typed = new ESLint();

const brokenRules = async (eslint: ESLint, filePath: string, text: string): Promise<readonly string[]> => {
  const results = await eslint.lintText(text, { filePath });
  return results.flatMap((result) => result.messages.map((message) => message.ruleId ?? message.message));
};

const lint = (filePath: string, text: string): Promise<readonly string[]> => brokenRules(untyped, filePath, text);

const impure: readonly (readonly [rule: string, text: string])[] = [
  ['no-restricted-properties', 'export const now = () => Date.now();'],
  ['no-restricted-properties', 'export const chance = () => Math.random();'],
  ['no-restricted-properties', 'export const soon = () => AbortSignal.timeout(5);'],
  ['no-restricted-syntax', 'export const now = () => new Date();'],
  ['no-restricted-syntax', 'export const now = () => Date();'],
  ['no-restricted-globals', 'export const later = (f: () => void) => setTimeout(f, 5);'],
  ['no-restricted-globals', 'export const often = (f: () => void) => setInterval(f, 5);'],
  ['no-restricted-globals', 'export const now = () => globalThis.Date.now();'],
  ['no-restricted-globals', 'export const now = () => performance.now();'],
  ['no-restricted-globals', 'export const region = process.env.AWS_REGION;'],
  ['no-restricted-imports', "import { setTimeout as sleep } from 'node:timers/promises';\nexport const s = sleep;"],
  ['no-restricted-imports', "import { env } from 'node:process';\nexport const e = env;"],
  ['no-restricted-imports', "import { randomUUID } from 'node:crypto';\nexport const id = randomUUID;"],
];
const clockless = ['shared/domain/planted.ts', 'shared/planted.ts', 'functions/planted.ts', 'functions/support/handlers.ts'];
const clockOwners = ['shared/adapters/dynamo/planted.ts', 'functions/support/deps.ts', 'infra/local/planted.ts', 'test/planted.ts'];

const lines = (count: number, line: (index: number) => string): string => Array.from({ length: count }, (_, index) => line(index)).join('\n');

const budgets: readonly (readonly [rule: string, within: string, over: string])[] = [
  ['max-lines', `${lines(200, (i) => `export const n${i} = ${i};`)}\n`, `${lines(201, (i) => `export const n${i} = ${i};`)}\n`],
  [
    'max-lines-per-function',
    `export function f(g: () => void) {\n${lines(38, () => '  g();')}\n}\n`,
    `export function f(g: () => void) {\n${lines(39, () => '  g();')}\n}\n`,
  ],
  [
    'complexity',
    `export function f(n: number) {\n${lines(7, (i) => `  if (n === ${i}) return ${i};`)}\n  return 9;\n}\n`,
    `export function f(n: number) {\n${lines(8, (i) => `  if (n === ${i}) return ${i};`)}\n  return 9;\n}\n`,
  ],
  [
    'max-depth',
    'export function f(n: number, g: () => void) {\n  if (n > 1) { if (n > 2) { if (n > 3) { g(); } } }\n}\n',
    'export function f(n: number, g: () => void) {\n  if (n > 1) { if (n > 2) { if (n > 3) { if (n > 4) { g(); } } } }\n}\n',
  ],
  [
    'max-params',
    'export const f = (a: number, b: number, c: number, d: number) => a + b + c + d;\n',
    'export const f = (a: number, b: number, c: number, d: number, e: number) => a + b + c + d + e;\n',
  ],
];

const habits: readonly (readonly [rule: string, text: string])[] = [
  ['no-restricted-syntax', 'export default 1;'],
  ['no-restricted-syntax', "export { x as default } from './x.ts';"],
  ['@typescript-eslint/no-explicit-any', 'export const f = (x: any) => String(x);'],
  ['@typescript-eslint/consistent-type-assertions', 'export const f = (x: unknown) => x as string;'],
  ['@typescript-eslint/no-non-null-assertion', 'export const f = (x: string | undefined) => x!.length;'],
  ['@typescript-eslint/consistent-type-imports', "import { X } from './x.ts';\nexport const f = (x: X) => x;"],
  ['eqeqeq', 'export const f = (x: number) => x == 1;'],
];
const product = ['shared/domain/planted.ts', 'shared/planted.ts', 'functions/planted.ts', 'infra/planted.ts', 'infra/local/planted.ts', 'console/planted.ts'];

const needingTypes: readonly (readonly [rule: string, text: string])[] = [
  ['@typescript-eslint/no-floating-promises', 'const f = async () => 1;\nf();'],
  ['@typescript-eslint/no-misused-promises', 'const f = async () => 1;\nexport const n = f() ? 1 : 2;'],
  [
    '@typescript-eslint/switch-exhaustiveness-check',
    "export const f = (x: 'a' | 'b') => {\n  switch (x) {\n    case 'a':\n      return 1;\n  }\n  return 2;\n};\n",
  ],
];

describe('time and chance come in as ports', () => {
  describe.each(clockless)('%s', (path) => {
    it.each(impure)('is stopped by %s: %s', async (rule, text) => {
      expect(await lint(path, text)).toContain(rule);
    });
  });

  it.each(clockOwners)('%s may read the clock', async (path) => {
    for (const [, text] of impure) expect(await lint(path, text)).toEqual([]);
  });

  it('lets a date be made from a given instant anywhere', async () => {
    for (const path of clockless) expect(await lint(path, 'export const at = (millis: number) => new Date(millis);\n')).toEqual([]);
  });

  it('lets the environment be read in env.ts alone, and no clock there', async () => {
    expect(await lint('functions/support/env.ts', 'export const region = process.env.AWS_REGION;\n')).toEqual([]);
    expect(await lint('functions/support/env.ts', 'export const now = () => Date.now();\n')).toEqual(['no-restricted-properties']);
  });
});

describe('product code keeps its budgets', () => {
  it.each(budgets)('%s: the budget itself is allowed, one more is not', async (rule, within, over) => {
    for (const path of product) {
      expect(await lint(path, within)).toEqual([]);
      expect(await lint(path, over)).toEqual([rule]);
    }
  });
});

describe('product code keeps its habits', () => {
  it.each(habits)('%s stops %s', async (rule, text) => {
    for (const path of product) expect(await lint(path, text)).toEqual([rule]);
  });

  it('allows a const assertion', async () => {
    expect(await lint('shared/domain/planted.ts', "export const sides = ['buy', 'sell'] as const;\n")).toEqual([]);
  });

  it.each(['shared/domain/planted.ts', 'shared/adapters/sqs/planted.ts', 'functions/support/deps.ts'])('%s does not print', async (path) => {
    expect(await lint(path, "console.log('x');\n")).toEqual(['no-console']);
  });
});

describe('rules that need types', () => {
  const here = 'test/architecture/lint-rules.test.ts';

  it.each(needingTypes)('%s is on', async (rule, text) => {
    expect(await brokenRules(typed, here, text)).toContain(rule);
  });
});
