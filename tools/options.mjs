/** `npm run options`: writes what is made of config/options.yaml. The guest may be half-written meanwhile: it is not built. */
import { bundle } from "./build.mjs";
import { install } from "./install.mjs";

install();
const [program] = await bundle(["src/options/main.ts"]);
await import(program);
