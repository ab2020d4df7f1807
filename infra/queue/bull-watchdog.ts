import type { Queue } from "bull";
import type { RingData } from "./bull-ring.js";

type Connection = Queue["client"];

/** What Bull keeps to itself: the connection on which a worker blocks until there is a job. */
interface BlockingConnection {
  readonly bclient: Connection & { readonly blocked?: boolean };
}

/**
 * Reconnects a worker whose server has gone without a word (a lost network, a machine that vanished): TCP alone needs many
 * minutes to notice, and until then no job would be taken. A healthy server lets hear from itself in less than half of
 * `everyMs`.
 * @returns how to end the watch.
 */
export function watchConnections(queue: Queue<RingData>, everyMs: number): () => void {
  const { client, bclient } = queue as Queue<RingData> & BlockingConnection;
  let isAnswered = true;
  let heard = -1;
  const timer = setInterval(() => {
    if (!isAnswered) reconnect(client);
    isAnswered = false;
    client.ping().then(
      () => {
        isAnswered = true;
      },
      // The connection was lost: it is being opened again already.
      () => undefined,
    );
    const bytesRead = bclient.status === "ready" ? bclient.stream.bytesRead : -1;
    if (bclient.blocked === true && bytesRead === heard) reconnect(bclient);
    heard = bytesRead;
  }, everyMs);
  return () => {
    clearInterval(timer);
  };
}

function reconnect(connection: Connection): void {
  if (connection.status === "ready") connection.disconnect(true);
}
