import { z } from "zod";
import { oneOrMany } from "./vendor-record.js";
import type { RecordRules } from "./vendor-record.js";

/** What of a repository's conversations is read. */
export interface GithubOptions {
  readonly read: readonly ("discussions" | "issues")[];
  /** Names or slugs of categories of discussions; empty: all. */
  readonly categories: readonly string[];
  /** An issue with one of them is read. */
  readonly labels: readonly string[];
}

const FILES_ADVICE =
  "is discussions, issues or both; the files of a repository, docs among them, are read by a source of the kind git";
const part = z.enum(["discussions", "issues"], FILES_ADVICE);
const name = z.string().trim().min(1, "is empty").max(100, "is longer than 100 characters");

const optionsSchema = z
  .strictObject({
    read: z
      .union([z.array(part).min(1, FILES_ADVICE), part.transform((one) => [one])], FILES_ADVICE)
      .default(["discussions"]),
    categories: oneOrMany(name, 50).default([]),
    labels: oneOrMany(name, 50).default([]),
  })
  .refine(({ read, labels }) => !read.includes("issues") || labels.length > 0, {
    path: ["labels"],
    message: "names the labels of the issues that hold an answer; it is needed where issues are read",
  });

export const githubRules: RecordRules<GithubOptions> = {
  options: optionsSchema,
  known: ["read", "categories", "labels"],
  problemOfLocation: (location) =>
    readRepository(location) === null ? "is https://github.com/OWNER/REPOSITORY, or the same at your own GitHub" : null,
  secret: {
    form: /^[\x21-\x7e]{20,255}$/u,
    advice: "It is a fine-grained personal access token that may read Discussions and Issues of the repository.",
  },
};

export interface Repository {
  readonly owner: string;
  readonly name: string;
  /** Where its API is: only there the token is sent. */
  readonly origin: string;
  readonly path: string;
}

const OWNER = /^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,99})$/u;
const NAME = /^(?!\.{1,2}$)[\w.-]{1,100}$/u;

/** Null for what is no address of a repository. */
export function readRepository(location: string): Repository | null {
  if (!URL.canParse(location)) return null;
  const url = new URL(location);
  const [, owner = "", given = "", ...more] = url.pathname.replace(/\/$/u, "").split("/");
  const repository = given.replace(/\.git$/u, "");
  const isPlain = url.protocol === "https:" && url.username === "" && url.search === "" && url.hash === "";
  if (!isPlain || more.length > 0 || !OWNER.test(owner) || !NAME.test(repository)) return null;
  return { owner, name: repository, ...apiOf(url) };
}

function apiOf({ host, origin }: URL): Pick<Repository, "origin" | "path"> {
  if (host === "github.com" || host === "www.github.com") return { origin: "https://api.github.com", path: "/graphql" };
  if (host.endsWith(".ghe.com")) return { origin: `https://api.${host}`, path: "/graphql" };
  return { origin, path: "/api/graphql" };
}
