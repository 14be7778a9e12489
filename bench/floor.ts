/** The floor guest as a contender, for each of Rolegate's: it is made from a recording of that one's calls. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Tree } from "../stack/traefik/config.ts";
import { root } from "../tools/root.ts";
import { folderOf, type Contender } from "./contenders.ts";
import { floorGuest } from "./floor/guest.ts";
import { readCall, writeCall } from "./workload.ts";

export const floorBelow = (subject: Contender): Contender => ({
  name: subject.name.replace(/^rolegate/, "floor"),
  title: "the floor guest",
  ours: true,
  scenarios: subject.scenarios,
  decides: "nothing",
  async prepare(world) {
    const setup = await subject.prepare(world);
    const { plugin } = setup.middlewares.rolegate as { plugin: { rolegate: Tree } };
    const credential = await setup.credential(subject.scenarios[0]!, "", 0);
    const recorded = {
      wasm: join(root, "plugin.wasm"),
      config: plugin.rolegate,
      mounts: [`${world.folder}:/state:ro`],
    };
    const wasm = join(world.folder, `${subject.name}-floor.wasm`);
    writeFileSync(wasm, await floorGuest(recorded, [readCall(credential), writeCall(credential)]));
    return {
      ...setup,
      traefik: { pluginDir: folderOf(wasm, join(world.folder, `${subject.name}-floor`)) },
      user: null,
    };
  },
});
