const config = require('../../jest.config.cjs');

/** What needs a browser or dbt: run by run.sh alone. */
module.exports = { ...config, rootDir: '../..', testMatch: ['<rootDir>/test/evidence/*.demo.ts'] };
