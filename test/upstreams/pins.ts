/** Makes requirements.txt: `node tools/run.mjs test/upstreams/pins.ts`. */
import { pin } from "../../stack/fetch/python-pins.ts";
import { requirementsFile } from "./servers.ts";

const wanted = ["fastapi==0.139.0", "flask==3.1.3", "python-multipart", "uvicorn==0.54.0"];

await pin(
  wanted,
  requirementsFile,
  `# FastAPI and Flask and what they need, made by test/upstreams/pins.ts: ${wanted.join(", ")}.`,
);
