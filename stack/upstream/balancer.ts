/** One address for several servers: each connection goes to the next of them, byte for byte. */
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { loopback } from "../machine/ports.ts";

export interface Balancer {
  port: number;
  /** Ports that connections go to, in turn. May be changed: it counts for the next connection. */
  targets: number[];
  /** Ends the connections that are open, so that clients make new ones. */
  drop(): void;
  stop(): Promise<void>;
}

export async function startBalancer(port = 0): Promise<Balancer> {
  const sockets = new Set<Socket>();
  const targets: number[] = [];
  let turn = 0;
  const server = createServer((client) => {
    const port = balancer.targets[turn++ % balancer.targets.length];
    // None of them runs: to the client it looks as if no server listened.
    if (port === undefined) return void client.destroy();
    const target = connect(port, loopback);
    for (const [socket, other] of [
      [client, target],
      [target, client],
    ] as const) {
      sockets.add(socket);
      socket.pipe(other);
      socket.on("error", () => other.destroy());
      socket.on("close", () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.on("error", reject);
    server.listen(port, loopback, resolve);
  });
  const drop = () => sockets.forEach((socket) => socket.destroy());
  const balancer: Balancer = {
    port: (server.address() as AddressInfo).port,
    targets,
    drop,
    stop() {
      return new Promise((resolve) => {
        server.close(() => resolve());
        drop();
      });
    },
  };
  return balancer;
}
