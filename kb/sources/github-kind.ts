import { githubRules } from "./github-options.js";
import { createGithubSource } from "./github-source.js";
import { vendorKind } from "./vendor-record.js";

/** Answered discussions and issues of a repository at GitHub. Its files are the business of the kind git. */
export const githubKind = vendorKind(githubRules, ({ location }, read, { fetch }) =>
  createGithubSource({ ...read, location, fetch }),
);
