import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { METHODS, type MethodContract } from "../../fakes/slack/methods.js";
import { REJECTIONS } from "./rejections.js";

interface PublishedArgument {
  readonly required: boolean;
  readonly type?: string;
}

interface Published {
  readonly args: Readonly<Record<string, PublishedArgument>>;
  readonly errors: Readonly<Record<string, string>>;
  readonly rate_limit: { readonly label: string };
  readonly scopes: { readonly bot?: readonly { readonly name: string }[] };
}

const folder = path.join(process.env["TEST_DATA_DIR"] ?? "", "..", "contracts", "slack-methods");
const isThere = process.env["TEST_DATA_DIR"] !== undefined && existsSync(folder);
const skipped = isThere ? "" : " (skipped: beside TEST_DATA_DIR there is no contracts/slack-methods)";

/** Newer than the published list, and known from the types of Slack's own client. */
const NEWER_ARGUMENTS = ["chat.stopStream session_status"];

/** The list requires this text, but the method also takes chunks in its place, as Slack's own client sends them. */
const NOT_REQUIRED = ["chat.appendStream markdown_text"];

/** The list does not require these; without a trigger there is nothing to open, except where a workflow does. */
const REQUIRED_HERE = ["views.open trigger_id"];

/** Refusals that Slack documents for every method, or that people met although the method's own list leaves them out. */
const COMMON_ERRORS = new Set([
  "invalid_arguments",
  "msg_too_long",
  "thread_not_found",
  "invalid_thread_ts",
  "msg_blocks_too_long",
]);
const MET_ELSEWHERE = [
  "chat.startStream team_not_found",
  "conversations.history channel_not_found",
  // Its published list has no errors at all.
  "users.getPresence user_not_found",
];

function published(method: string): Published {
  return JSON.parse(readFileSync(path.join(folder, `${method}.json`), "utf8")) as Published;
}

function tierLabel(contract: MethodContract): RegExp {
  return typeof contract.tier === "number" ? new RegExp(`^Tier ${contract.tier}:`, "u") : /^Special/u;
}

describe.skipIf(!isThere)(`The fake's methods agree with Slack's published list${skipped}`, () => {
  const methods = Object.entries(METHODS).map(([method, contract]) => ({ method, contract }));

  it.each(methods)("$method takes no argument that Slack does not", ({ method, contract }) => {
    const known = Object.keys(published(method).args);
    const unknown = Object.keys(contract.args).filter(
      (name) => !known.includes(name) && !NEWER_ARGUMENTS.includes(`${method} ${name}`),
    );
    expect(unknown).toEqual([]);
  });

  it.each(methods)("$method requires what Slack requires, with Slack's types", ({ method, contract }) => {
    for (const [name, argument] of Object.entries(published(method).args)) {
      const own = contract.args[name];
      const key = `${method} ${name}`;
      if (own !== undefined || argument.required) {
        expect(own?.endsWith("!"), key).toBe(
          (argument.required || REQUIRED_HERE.includes(key)) && !NOT_REQUIRED.includes(key),
        );
        expect(own?.replace("!", ""), key).toBe(argument.type ?? own?.replace("!", ""));
      }
    }
  });

  it.each(methods)("$method has Slack's rate and scope", ({ method, contract }) => {
    const { rate_limit: rate, scopes } = published(method);
    expect(rate.label).toMatch(tierLabel(contract));
    const names = (scopes.bot ?? []).map((scope) => scope.name);
    const { scope } = contract;
    const own = scope.kind === "by-channel" ? Object.values(scope.scopes) : scope.kind === "bot" ? [scope.scope] : [];
    expect(own.filter((name) => !names.includes(name))).toEqual([]);
    expect(own.length === 0).toBe(names.length === 0);
  });

  it.each(REJECTIONS)("$method refuses $rule with an error of Slack's", ({ method, error }) => {
    const isKnown =
      COMMON_ERRORS.has(error) || MET_ELSEWHERE.includes(`${method} ${error}`) || error in published(method).errors;
    expect(isKnown, error).toBe(true);
  });
});
