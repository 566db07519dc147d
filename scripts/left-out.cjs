// Stands in the bundle for those of axios's own dependencies that this source never calls.
module.exports = class LeftOut {};
