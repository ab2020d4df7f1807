import type { DoctorFinding } from "../../src/commands/operations.js";
import { ModelError } from "../../src/ports/models.js";
import type { OpenAiAccess } from "../config/services.js";
import { readModelList, type ListedModel, type ModelList } from "../models/openai/model-list.js";
import { nearest } from "./nearest-names.js";
import type { LoadedConfig } from "./program-dependencies.js";

const NAME = "Language model";
const TRY_IT = 'deskhand ask "…" shows whether they answer';

/** Whether the endpoint takes the key and has the models, as far as its own list of models tells. */
export async function checkModels({ environment, settings }: LoadedConfig): Promise<DoctorFinding> {
  const { openai } = environment;
  if (openai === null) {
    const detail = "no key: answers are quoted from your documents, and nothing leaves this machine";
    return { name: NAME, state: "off", detail, advice: null };
  }
  try {
    return judgeModels(settings.models, openai, await readModelList(endpointOf(openai), new AbortController().signal));
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    const advice = error.failure === "auth" ? "check OPENAI_API_KEY" : "check OPENAI_BASE_URL and the network";
    return { name: NAME, state: "broken", detail: `${describe(settings.models, openai)}: ${error.failure}`, advice };
  }
}

/** What an endpoint's list of models says about those that are set up. */
export function judgeModels(configured: ModelSettings, openai: OpenAiAccess, list: ModelList): DoctorFinding {
  const remarks = remarksOn(configured, openai, list);
  return {
    name: NAME,
    state: remarks.some(({ state }) => state === "broken") ? "broken" : "on",
    detail: [describe(configured, openai), ...remarks.map(({ detail }) => detail)].join("; "),
    advice: remarks.length === 0 ? null : remarks.map(({ advice }) => advice).join("; "),
  };
}

type ModelSettings = Pick<LoadedConfig["settings"]["models"], "answer" | "embedding">;

/** Something to be told beside the models' names. */
interface Remark {
  readonly state: "on" | "broken";
  readonly detail: string;
  readonly advice: string;
}

function remarksOn(configured: ModelSettings, openai: OpenAiAccess, list: ModelList): readonly Remark[] {
  switch (list.kind) {
    case "listed":
      return [...unlisted(configured, openai, list.models), ...ending(configured, list.models)];
    case "forbidden":
      return [FORBIDDEN];
    case "none":
      // Some endpoints have no list of their models: only what keeps answers from being written is broken.
      return [];
  }
}

const FORBIDDEN: Remark = {
  state: "on",
  detail: "the key may not list the models (status 403), so neither it nor they could be checked",
  advice: `${TRY_IT}; a restricted key needs no right to list models, only to use them`,
};

/** OpenAI lists every model that a key may use. Others list less than they have, as Azure does with its deployments. */
function unlisted(
  configured: ModelSettings,
  { baseUrl }: OpenAiAccess,
  models: readonly ListedModel[],
): readonly Remark[] {
  const ids = models.map(({ id }) => id);
  const missing = SETTINGS.filter((setting) => !ids.some((id) => isSame(id, configured[setting])));
  if (missing.length === 0) return [];
  const named = missing.map((setting) => {
    const near = nearest(configured[setting], ids);
    return `${configured[setting]}${near.length === 0 ? "" : ` (near: ${near.join(", ")})`}`;
  });
  const correct = `correct ${missing.map((setting) => `models.${setting}`).join(" and ")} in deskhand.yaml`;
  const detail = `not in the endpoint's list: ${named.join(", ")}`;
  if (baseUrl === null) return [{ state: "broken", detail, advice: correct }];
  return [{ state: "on", detail, advice: `${correct}, unless the endpoint lists less than it has: ${TRY_IT}` }];
}

const SETTINGS = ["answer", "embedding"] as const;

function ending(configured: ModelSettings, models: readonly ListedModel[]): readonly Remark[] {
  const ended = SETTINGS.flatMap((setting) => {
    const day = models.find(({ id }) => isSame(id, configured[setting]))?.shutdownDate ?? null;
    return day === null ? [] : [`${configured[setting]} ends on ${day}`];
  });
  if (ended.length === 0) return [];
  return [{ state: "on", detail: ended.join("; "), advice: "name another in deskhand.yaml" }];
}

/** Ollama lists a model with its tag and answers to the name without it. */
function isSame(id: string, name: string): boolean {
  return id === name || id === `${name}:latest`;
}

function endpointOf({ apiKey, baseUrl }: OpenAiAccess) {
  return { apiKey: apiKey === "" ? "none" : apiKey, baseUrl };
}

function describe({ answer, embedding }: ModelSettings, { baseUrl }: OpenAiAccess): string {
  return `${answer} and ${embedding} at ${baseUrl === null ? "OpenAI" : new URL(baseUrl).host}`;
}
