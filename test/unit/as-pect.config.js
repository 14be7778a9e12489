/** as-pect: white-box specs of the guest's modules. They reach no host, so nothing is imported but memory. */
export default {
  // Some of them only: `npm test -- unit/http` names them here (tools/suite-unit.mjs).
  entries: process.env.ROLEGATE_SPECS?.split(",") ?? ["test/unit/**/*.spec.ts"],
  // An empty list would make as-pect look for its own default.
  include: ["node_modules/@as-pect/assembly/assembly/index.ts"],
  disclude: [/node_modules/],
  async instantiate(memory, createImports, instantiate, binary) {
    return instantiate(binary, createImports({ env: { memory } }));
  },
  outputBinary: false,
};
