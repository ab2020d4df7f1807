import type { DoctorFinding } from "../../src/commands/operations.js";
import { ModelError } from "../../src/ports/models.js";
import { wireReranker } from "../models/wire-models.js";
import type { LoadedConfig } from "./program-dependencies.js";

const NAME = "Reranker";
const PROBE = ["Parcels arrive within four days.", "Invoices are sent monthly."].map((text) => ({
  title: "Test",
  headingPath: [],
  text,
}));

/** Whether the reranking model answers: endpoints have no list to look it up in, so it is asked once. */
export async function checkReranker(config: LoadedConfig): Promise<DoctorFinding> {
  const { kind, api, model } = config.settings.answering.rerank;
  if (kind === "none") return { name: NAME, state: "off", detail: "the order of the search is kept", advice: null };
  const { environment, settings } = config;
  if (kind === "llm") {
    const detail = `${settings.models.answer} orders what was found, by one more request for each question`;
    return { name: NAME, state: "on", detail, advice: null };
  }
  const host = environment.rerank === null ? "nowhere" : new URL(environment.rerank.url).host;
  const detail = `${model ?? "its model"} at ${host} (${api})`;
  try {
    await wireReranker(config)?.rerank("When does my parcel arrive?", PROBE, new AbortController().signal);
    return { name: NAME, state: "on", detail, advice: null };
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    const advice = ADVICE[error.failure] ?? "check RERANK_URL and the network";
    return { name: NAME, state: "broken", detail: `${detail}: ${error.failure}`, advice };
  }
}

const ADVICE: Readonly<Partial<Record<ModelError["failure"], string>>> = {
  auth: "check RERANK_API_KEY",
  rejected: "check RERANK_URL, which is the whole address, answering.rerank.api and answering.rerank.model",
  incomplete: "check answering.rerank.api: the endpoint answers in another form",
};
