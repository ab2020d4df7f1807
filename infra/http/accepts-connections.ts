import { once } from "node:events";
import { connect } from "node:net";
import { errorCode } from "../../src/ports/errors.js";

/** Whether something listens at an http address. Nothing is sent, so that no token reaches a stranger's port. */
export async function acceptsConnections(address: string): Promise<boolean> {
  const { hostname, port } = new URL(address);
  const socket = connect({ host: hostname.replace(/^\[(.*)\]$/u, "$1"), port: Number(port === "" ? 80 : port) });
  try {
    await once(socket, "connect");
    return true;
  } catch (error) {
    // Any other failure may pass: the server is to be asked, and its answer to be told.
    return errorCode(error) !== "ECONNREFUSED";
  } finally {
    socket.destroy();
  }
}
