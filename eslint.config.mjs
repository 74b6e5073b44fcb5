import tseslint from 'typescript-eslint';

const product = ['functions/**/*.ts', 'shared/**/*.ts', 'infra/**/*.ts', 'console/**/*.ts'];
const clockless = ['shared/**/*.ts', 'functions/**/*.ts'];
const clockOwners = ['shared/adapters/**/*.ts', 'functions/support/deps.ts'];

const askThePort = 'Time, chance and the environment come in as ports or parameters, so that a run can be repeated.';

const noDefaultExport = {
  selector: 'ExportDefaultDeclaration',
  message: 'Export by name: a thing has one name everywhere.',
};
const noDefaultReExport = {
  selector: "ExportSpecifier[exported.name='default']",
  message: 'Export by name: a thing has one name everywhere.',
};
const noPresentDate = [
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: askThePort },
  { selector: "CallExpression[callee.name='Date']", message: askThePort },
];

const timers = ['setTimeout', 'setInterval', 'setImmediate'];
const bannedGlobals = [...timers, 'performance', 'crypto', 'globalThis'];
const bannedProperties = [
  ['Date', 'now'],
  ['Math', 'random'],
  ['AbortSignal', 'timeout'],
  ['DateTime', 'now'],
  ['crypto', 'randomUUID'],
];
const bannedImports = [
  { name: 'timers' },
  { name: 'node:timers' },
  { name: 'timers/promises' },
  { name: 'node:timers/promises' },
  { name: 'process' },
  { name: 'node:process' },
  { name: 'node:perf_hooks' },
  { name: 'node:crypto', importNames: ['randomUUID', 'randomBytes', 'randomInt', 'webcrypto'] },
];

const named = (names) => names.map((name) => ({ name, message: askThePort }));

export default tseslint.config(
  {
    ignores: ['node_modules/', 'cdk.out/', 'coverage/', '.claimjump/', '**/*.html'],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'no-empty': 'error',
      'no-unreachable': 'error',
      'no-fallthrough': 'error',
      'no-constant-condition': ['error', { checkLoops: false }],
      'no-unsafe-finally': 'error',
      'no-self-compare': 'error',
      'preserve-caught-error': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: false, requireDefaultForNonUnion: true },
      ],
      '@typescript-eslint/return-await': ['error', 'in-try-catch'],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      // A port may be answered at once by one adapter and slowly by another.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: product,
    rules: {
      'max-lines': ['error', { max: 200, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }],
      complexity: ['error', 8],
      'max-depth': ['error', 3],
      'max-params': ['error', 4],
      'no-restricted-syntax': ['error', noDefaultExport, noDefaultReExport],
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/only-throw-error': 'error',
    },
  },
  {
    files: clockless,
    ignores: clockOwners,
    rules: {
      'no-restricted-globals': ['error', ...named([...bannedGlobals, 'process'])],
      'no-restricted-properties': [
        'error',
        ...bannedProperties.map(([object, property]) => ({ object, property, message: askThePort })),
      ],
      'no-restricted-imports': ['error', { paths: bannedImports.map((ban) => ({ ...ban, message: askThePort })) }],
      'no-restricted-syntax': ['error', noDefaultExport, noDefaultReExport, ...noPresentDate],
    },
  },
  {
    // The one place that reads the environment.
    files: ['functions/support/env.ts'],
    rules: { 'no-restricted-globals': ['error', ...named(bannedGlobals)] },
  },
  {
    files: clockless,
    rules: { 'no-console': 'error' },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
);
