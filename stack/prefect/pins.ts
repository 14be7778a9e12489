/**
 * Makes prefect-requirements.txt. Run when Prefect's version changes: `node tools/run.mjs
 * stack/prefect/pins.ts`.
 */
import { prefectVersion, requirementsFile } from "./package.ts";
import { pin } from "../fetch/python-pins.ts";

/**
 * Prefect 3.8.8 takes any FastAPI from 0.139 on; 0.165 has removed what it uses, and the server
 * does not start.
 */
const wanted = [`prefect==${prefectVersion}`, "fastapi==0.139.0"];

await pin(
  wanted,
  requirementsFile,
  `# Prefect and what it needs, made by stack/prefect/pins.ts: ${wanted.join(", ")}.`,
);
