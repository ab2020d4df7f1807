import { z } from "zod";
import { collectCalls } from "./collected-calls.js";
import { createGithubApi } from "./github-api.js";
import type { GithubApi, GithubItem, GithubList, GithubText } from "./github-api.js";
import { readRepository } from "./github-options.js";
import type { GithubOptions } from "./github-options.js";
import { withGithubLimits } from "./github-limits.js";
import type { Wait } from "./github-limits.js";
import type { SafeFetch } from "./safe-fetch.js";
import { ItemError, SourceError } from "./source.js";
import type { FetchedItem, Source, SourceListing } from "./source.js";
import { toItemError } from "./vendor-record.js";

const TEXTS_AT_ONCE = 20;

/** What a source of the kind github is opened with. */
export interface GithubPlace {
  readonly location: string;
  readonly options: GithubOptions;
  /** The access token. */
  readonly secret: string;
  readonly fetch: SafeFetch;
  readonly wait?: Wait;
}

/**
 * Answered discussions, and closed issues with what a maintainer said last. Every listing is whole, as one request lists a
 * hundred; only texts of what changed are asked for, several with one request.
 */
export function createGithubSource({ location, options, secret, fetch, wait }: GithubPlace): Source {
  const repository = readRepository(location);
  if (repository === null) throw new SourceError(`${location} is no address of a repository. Correct the location.`);
  const api = createGithubApi(repository, secret, withGithubLimits(fetch, wait));
  const nodeIds = new Map<string, string>();
  const textOf = collectCalls(TEXTS_AT_ONCE, (ids, signal) => api.texts(ids, signal));
  return {
    async list(cursor, signal) {
      const lists = await readLists(api, options, signal);
      refuseAnother(cursor, lists);
      const items = new Map(lists.flatMap((list) => list.items).map((item) => [item.externalId, item]));
      nodeIds.clear();
      for (const { externalId, nodeId } of items.values()) nodeIds.set(externalId, nodeId);
      return listingOf([...items.values()], lists);
    },
    async fetch({ externalId }, signal) {
      const nodeId = nodeIds.get(externalId);
      const text = nodeId === undefined ? undefined : await textOf(nodeId, signal).catch(asItemError);
      if (text !== undefined) return toFetched(externalId, text);
      throw new ItemError(
        "gone",
        "The answer was taken back while the place was read. The next sync sees what is there.",
      );
    },
  };
}

function asItemError(error: unknown): never {
  throw toItemError(error);
}

async function readLists(
  api: GithubApi,
  { read, categories, labels }: GithubOptions,
  signal: AbortSignal,
): Promise<readonly GithubList[]> {
  const lists: GithubList[] = [];
  if (read.includes("discussions")) lists.push(await api.discussions(categories, signal));
  if (read.includes("issues")) for (const label of labels) lists.push(await api.issues(label, signal));
  return lists;
}

const cursorSchema = z.object({ repository: z.string() });

/** After a repository was renamed its old name may be taken by somebody else, whose words are not what was asked for. */
function refuseAnother(cursor: string | null, lists: readonly GithubList[]): void {
  const known = cursor === null ? null : knownRepository(cursor);
  if (known === null || lists.every(({ repositoryId }) => repositoryId === known)) return;
  const fact = "Another repository than before lies at this address, so nothing was changed.";
  throw new SourceError(`${fact} Correct the location; when it is meant, remove the source and add it again.`);
}

function knownRepository(cursor: string): string | null {
  try {
    return cursorSchema.parse(JSON.parse(cursor)).repository;
  } catch {
    return null;
  }
}

function listingOf(items: readonly GithubItem[], lists: readonly GithubList[]): SourceListing {
  return {
    scope: "whole",
    items: items.map(({ externalId, revision }) => ({ externalId, revision })),
    removed: [],
    failures: [],
    skipped: [],
    isComplete: lists.every(({ isWhole }) => isWhole),
    cursor: JSON.stringify({ repository: lists[0]?.repositoryId ?? "" }),
  };
}

function toFetched(externalId: string, { title, question, answer, url, updatedAt, editedBy }: GithubText): FetchedItem {
  const asked = question.trim() === "" ? [] : [question.trim().replace(/^/gmu, "> ")];
  const text = [...asked, answer.trim()].join("\n\n");
  return {
    externalId,
    mediaType: "application/vnd.deskhand.corpus-line+json",
    bytes: Buffer.from(JSON.stringify({ title, kind: "faq", text })),
    facts: { title, url, updatedAt, editedBy, acl: null },
  };
}
