/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  globalSetup: '<rootDir>/test/support/temporary-directory.cjs',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  transform: {
    '\\.(css|csv|py)$|page/script\\.js$': '<rootDir>/test/support/text-transform.cjs',
    '\\.m?[jt]s$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' } }],
  },
  // What draws the evidence report, and waits for several answers at once, comes as ES modules alone.
  transformIgnorePatterns: [
    '/node_modules/(?!(@observablehq|d3|d3-[a-z-]+|internmap|delaunator|robust-predicates|isoformat|linkedom|p-map)/)',
  ],
  moduleNameMapper: { '^linkedom/worker$': '<rootDir>/node_modules/linkedom/worker.js' },
  // Many tests wait for a process or the network, and leave a core idle.
  maxWorkers: '100%',
  // A machine may be slow; a test that hangs should not be.
  testTimeout: 30_000,
};
