import { z } from "zod";
import { createClient, type OpenAiEndpoint } from "./client.js";
import { startDeadline } from "./deadline.js";
import { refusalOf, toModelError } from "./model-errors.js";

const OPERATION = "listing the models";
const TIMEOUT_MS = 5000;

export interface ListedModel {
  readonly id: string;
  /**
   * The day on which the endpoint will switch it off, as `YYYY-MM-DD`. OpenAI says so about a year before; most other
   * endpoints never do.
   */
  readonly shutdownDate: string | null;
}

export type ModelList =
  | { readonly kind: "listed"; readonly models: readonly ListedModel[] }
  /** The endpoint knows the key and does not let it list models. It may write and embed with it all the same. */
  | { readonly kind: "forbidden" }
  /** The endpoint has no list, or an empty one. */
  | { readonly kind: "none" };

const listSchema = z.looseObject({
  data: z.array(z.looseObject({ id: z.string(), shutdown_date: z.iso.date().nullish().catch(null) })),
});

/**
 * The models that the endpoint offers.
 * @throws {ModelError} when it cannot be reached, refuses the key, or answers something else.
 */
export async function readModelList(endpoint: OpenAiEndpoint, signal: AbortSignal): Promise<ModelList> {
  const deadline = startDeadline(signal, { idleMs: TIMEOUT_MS, totalMs: TIMEOUT_MS }, OPERATION);
  try {
    const page = await deadline.within(createClient(endpoint).get("/models", { signal: deadline.signal }));
    const models = listSchema.parse(page).data.map(({ id, shutdown_date: day }) => ({ id, shutdownDate: day ?? null }));
    return models.length === 0 ? { kind: "none" } : { kind: "listed", models };
  } catch (error) {
    signal.throwIfAborted();
    const failure = toModelError(error, OPERATION);
    if (refusalOf(failure)?.status === 403) return { kind: "forbidden" };
    if (failure.failure === "rejected") return { kind: "none" };
    throw failure;
  } finally {
    deadline.stop();
  }
}
