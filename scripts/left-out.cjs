// Stands in the bundle for the modules that axios loads and this source never calls.
module.exports = class LeftOut {
  constructor() {
    throw new Error('this module is left out of the bundle: see scripts/build.mjs');
  }
};
