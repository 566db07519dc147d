const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

/** Gives the run a temporary directory of its own, which goes at the end with all that the tests have left in it. */
module.exports = () => {
  const directory = mkdtempSync(join(tmpdir(), 'source-1password-tests-'));
  process.env.TMPDIR = directory;
  process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
};
