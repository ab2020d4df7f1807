import { ensureEmbeddedSnapshot } from "./embedded-snapshot.js";

/** Makes the snapshot once, before the workers start. */
export async function setup(): Promise<void> {
  await ensureEmbeddedSnapshot();
}
