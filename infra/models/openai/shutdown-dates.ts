import { z } from "zod";
import { createClient, type OpenAiEndpoint } from "./client.js";
import { startDeadline } from "./deadline.js";
import { toModelError } from "./model-errors.js";

const OPERATION = "listing the models";
const TIMEOUT_MS = 5000;

const listSchema = z.looseObject({
  data: z.array(z.looseObject({ id: z.string(), shutdown_date: z.iso.date().nullish().catch(null) })),
});

/**
 * Those of the models that the endpoint says it will switch off, with the day as `YYYY-MM-DD`. OpenAI says so about a
 * year before; most other endpoints never do.
 * @throws {ModelError} also when the endpoint has no list.
 */
export async function readShutdownDates(
  endpoint: OpenAiEndpoint,
  models: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const deadline = startDeadline(signal, { idleMs: TIMEOUT_MS, totalMs: TIMEOUT_MS }, OPERATION);
  try {
    const page = await deadline.within(createClient(endpoint).get("/models", { signal: deadline.signal }));
    const listed = listSchema.parse(page).data.filter(({ id }) => models.includes(id));
    return new Map(
      listed.flatMap(({ id, shutdown_date: day }) => (typeof day === "string" ? [[id, day] as const] : [])),
    );
  } catch (error) {
    signal.throwIfAborted();
    throw toModelError(error, OPERATION);
  } finally {
    deadline.stop();
  }
}
