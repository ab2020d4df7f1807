import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** A way to a server that can stop passing anything on, as a frozen server or a dropped network does. */
export interface TcpProxy {
  readonly port: number;
  freeze(): void;
  thaw(): void;
  close(): void;
}

/**
 * @param target the address to pass everything on to, with a host and a port.
 * @param ownPort where to listen: that of a proxy which was closed, to open it again.
 */
export async function openProxy(target: string, ownPort = 0): Promise<TcpProxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let isFrozen = false;
  const server = createServer((incoming) => {
    const outgoing = connect(Number(port), hostname);
    for (const [from, to] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      sockets.add(from);
      from.on("data", (bytes) => isFrozen || to.write(bytes));
      from.on("error", () => to.destroy());
      from.on("close", () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  server.listen(ownPort, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    freeze: () => {
      isFrozen = true;
    },
    thaw: () => {
      isFrozen = false;
    },
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
