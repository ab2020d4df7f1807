import { once } from "node:events";
import { connect } from "node:net";

/** Everything that anybody tells a Redis server from now on. */
export interface RedisTraffic extends Disposable {
  heard(): string;
}

/** @param redisUrl of a server without a password */
export async function overhear(redisUrl: string): Promise<RedisTraffic> {
  const { hostname, port } = new URL(redisUrl);
  const socket = connect(Number(port), hostname);
  let heard = "";
  socket.on("data", (bytes) => (heard += bytes.toString("utf8")));
  socket.write("MONITOR\r\n");
  await once(socket, "data");
  return { heard: () => heard, [Symbol.dispose]: () => socket.destroy() };
}

/** One command as somebody at a terminal types it; resolves with the answer as it comes over the wire. */
export async function tellRedis(redisUrl: string, command: string): Promise<string> {
  const { hostname, port } = new URL(redisUrl);
  const socket = connect(Number(port), hostname);
  let answer = "";
  socket.on("data", (bytes) => (answer += bytes.toString("utf8")));
  socket.write(`${command}\r\nQUIT\r\n`);
  await once(socket, "close");
  return answer;
}
