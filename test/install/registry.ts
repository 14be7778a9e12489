/**
 * Traefik's catalogue on the loopback address: a proxy that Traefik is told to use leads the one name that it asks for
 * to a server here, with a certificate of our own authority.
 */
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { createServer as createProxy } from "node:http";
import { createServer, type Server } from "node:https";
import { type AddressInfo, connect, type Socket } from "node:net";
import { join } from "node:path";
import { authority } from "../../stack/machine/certificate.ts";
import { loopback } from "../../stack/machine/ports.ts";

const HOST = "plugins.traefik.io";

export interface Registry {
  /** What Traefik needs in its environment. */
  env: Record<string, string>;
  /** Paths that it was asked for, and the hash that came along. Emptied by the caller. */
  asked: string[];
  /** From now on nobody is there. */
  goDown(): void;
  stop(): Promise<void>;
}

interface Offer {
  module: string;
  version: string;
  archive: Buffer;
  /** Gets the authority's certificate. */
  folder: string;
}

const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

async function startCatalogue({ module, version, archive }: Offer, asked: string[]) {
  const ca = await authority();
  const { certificate: cert, key } = await ca.issue([HOST]);
  const hash = sha256(archive);
  const server = createServer({ cert, key }, (request, response) => {
    const given = request.headers["x-plugin-hash"];
    asked.push(
      `${request.url} ${given === undefined ? "without" : given === hash ? "right" : "wrong"}`,
    );
    const [, , what, ...path] = request.url!.split("/");
    const known = path.join("/") === `${module}/${version}`;
    if (known && what === "download" && given === hash) response.writeHead(304).end();
    else if (known && what === "download") response.end(archive);
    else if (known && what === "validate" && given === hash) response.end();
    else response.writeHead(404).end();
  });
  return { server, certificate: ca.certificate };
}

const listening = (server: { listen(port: number, host: string, done: () => void): unknown }) =>
  new Promise<void>((resolve) => server.listen(0, loopback, resolve));
const portOf = (server: { address(): unknown }) => (server.address() as AddressInfo).port;

export async function startRegistry(offer: Offer): Promise<Registry> {
  const asked: string[] = [];
  const { server, certificate } = await startCatalogue(offer, asked);
  await listening(server);
  let isDown = false;
  const sockets = new Set<Socket>();
  const proxy = createProxy();
  proxy.on("connect", (request, client: Socket) => {
    if (isDown || request.url !== `${HOST}:443`) return void client.end("HTTP/1.1 502 \r\n\r\n");
    const onward = connect(portOf(server), loopback, () => {
      client.write("HTTP/1.1 200 \r\n\r\n");
      client.pipe(onward).pipe(client);
    });
    for (const socket of [client, onward]) {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
    }
  });
  await listening(proxy);
  const file = join(offer.folder, "authority.pem");
  writeFileSync(file, certificate);
  return {
    env: { SSL_CERT_FILE: file, HTTPS_PROXY: `http://${loopback}:${portOf(proxy)}` },
    asked,
    goDown: () => void (isDown = true),
    async stop() {
      for (const socket of sockets) socket.destroy();
      await Promise.all([server as Server, proxy].map((it) => new Promise((end) => it.close(end))));
    },
  };
}
