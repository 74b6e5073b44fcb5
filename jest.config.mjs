const swc = {
  jsc: { parser: { syntax: 'typescript' }, target: 'es2024' },
  module: { type: 'es6' },
  sourceMaps: 'inline',
};

export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', swc] },
  modulePathIgnorePatterns: ['<rootDir>/cdk.out/', '<rootDir>/.claimjump/'],
  setupFilesAfterEnv: ['<rootDir>/test/support/property-seed.ts'],
  // A machine may be slow: a time-out is for what never ends.
  testTimeout: 120_000,
  maxWorkers: 2,
  // Modules of a test file outlive it in its worker; from some gigabytes on, collecting them takes longer than the tests.
  workerIdleMemoryLimit: '1500MB',
};
