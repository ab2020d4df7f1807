import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ConfigError } from "../../../infra/config/config-error.js";
import { handoffRules } from "../../../infra/config/handoff-settings.js";
import { parseSettings, readSettings, settingsFileInUse } from "../../../infra/config/settings-file.js";
import { sampleSettings, settingsJsonSchema } from "../../../infra/config/settings-schema.js";
import { defaultSettings } from "../../../infra/config/settings.js";
import { packageRoot } from "../../../infra/package-root.js";

function problemsOf(text: string): readonly string[] {
  try {
    parseSettings(text, "deskhand.yaml");
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe("deskhand.yaml", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "deskhand-settings-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("may be empty or missing", async () => {
    expect(parseSettings("", "deskhand.yaml")).toEqual(defaultSettings());
    expect(parseSettings("knowledge:\n  demo: false\n", "deskhand.yaml").knowledge.demo).toBe(false);
    await expect(readSettings(null, join(folder, "empty"))).resolves.toEqual(defaultSettings());
    await expect(settingsFileInUse(null, join(folder, "empty"))).resolves.toBeNull();
  });

  it("shows the names of agents in full unless it says otherwise, and knows no other way", () => {
    const shownIn = (text: string) => handoffRules(parseSettings(text, "deskhand.yaml").handoff).agentNames;
    expect(shownIn("")).toBe("full");
    expect(shownIn("handoff:\n  agentNames: hidden\n")).toBe("hidden");
    expect(problemsOf("handoff:\n  agentNames: last\n").join()).toContain("handoff.agentNames");
  });

  it("must be there when DESKHAND_SETTINGS names it", async () => {
    const file = join(folder, "none.yaml");
    await expect(readSettings(file)).rejects.toMatchObject({
      problems: [`DESKHAND_SETTINGS: there is no file ${file}`],
    });
  });

  it("is read from the folder one is in when none is named", async () => {
    const own = await mkdtemp(join(folder, "own-"));
    await writeFile(join(own, "deskhand.yaml"), "console:\n  title: Acme\n");
    expect((await readSettings(null, own)).console.title).toBe("Acme");
    await expect(settingsFileInUse(null, own)).resolves.toBe("deskhand.yaml");
  });

  it("names file, line and key of every problem at once, and no value", () => {
    const text = [
      "knowledge:",
      "  demo: perhaps",
      "  sources:",
      "    - name: Docs!",
      "      path: ./docs",
      "      colour: red",
      "answering:",
      "  threshold: high",
      "console:",
      "  title: 7",
      "consoel:",
      "  title: x",
    ].join("\n");
    expect(problemsOf(text)).toEqual([
      "deskhand.yaml:2 knowledge.demo: must be a boolean",
      "deskhand.yaml:4 knowledge.sources.0.name: must be lower-case letters, digits and dashes, at most 63",
      "deskhand.yaml:6 knowledge.sources.0.colour: is not a setting",
      'deskhand.yaml:8 answering.threshold: must be "default" or a number from 0 to 1',
      "deskhand.yaml:10 console.title: must be a string",
      "deskhand.yaml:11 consoel: is not a setting",
    ]);
  });

  it("refuses a channel that no platform has, and a topic that every question is about", () => {
    const text = [
      "answering:",
      '  channels: { "#help": 0.8, C0123456789: 0.9, "19:abc@thread.tacv2": 0.9 }',
      "  topics: [{name: legal, phrases: [the, lawsuit, how do I]}]",
    ].join("\n");
    expect(problemsOf(text)).toEqual([
      expect.stringMatching(/:2 answering\.channels\.#help: .*is no channel's id/u),
      expect.stringMatching(/:3 answering\.topics\.0\.phrases\.0: has only words that every question has/u),
      expect.stringMatching(/:3 answering\.topics\.0\.phrases\.2: has only words/u),
    ]);
  });

  it("says what a budget and a list may be", () => {
    const text = [
      "answering:",
      "  topics: [{name: legal, phrases: lawsuit}]",
      "  budgets: {tenant: {tokensPerDay: 20.000.000, dollarsPerDay: none}}",
      "knowledge: {demo: 7}",
    ].join("\n");
    expect(problemsOf(text)).toEqual([
      "deskhand.yaml:2 answering.topics.0.phrases: must be a list: put what is there in square brackets",
      'deskhand.yaml:3 answering.budgets.tenant.tokensPerDay: must be "unlimited" or a whole number without points',
      'deskhand.yaml:3 answering.budgets.tenant.dollarsPerDay: must be "unlimited" or a number',
      "deskhand.yaml:4 knowledge.demo: must be a boolean",
    ]);
  });

  it.each([
    ["a:\n  b: 1\n c: 2", /^deskhand\.yaml:\d: is not YAML \(\w+\): begin the line as far in as its neighbours/u],
    ["a: [1", /^deskhand\.yaml:1: is not YAML/u],
    ["a: 1\na: 2", /^deskhand\.yaml:2: is not YAML/u],
    ["- a", /^deskhand\.yaml:1 file: must be an object/u],
    ["console: *nothing", /alias/u],
  ])("refuses %j", (text, expected) => {
    expect(problemsOf(text)).toEqual([expect.stringMatching(expected)]);
  });

  it("refuses names where Slack and Teams need ids, and takes the ids", () => {
    const withNames = [
      "slack:",
      "  agentsChannel: '#support'",
      "  admins: ['@carla']",
      "teams:",
      "  agentsChannel: Support",
      "  admins: [carla@acme.example]",
    ].join("\n");
    expect(problemsOf(withNames)).toEqual([
      "deskhand.yaml:2 slack.agentsChannel: must be a channel's id, like C0123456789",
      "deskhand.yaml:3 slack.admins.0: must be a person's id, like U0123456789",
      "deskhand.yaml:5 teams.agentsChannel: must be a channel's id, like 19:0123456789abcdef@thread.tacv2",
      "deskhand.yaml:6 teams.admins.0: must be a Microsoft Entra object id, like 00000000-0000-0000-0000-000000000000",
    ]);
    const withIds = [
      "slack: {agentsChannel: C0123456789, admins: [U0123456789, W0123456789]}",
      "teams:",
      "  agentsChannel: 19:0123456789abcdef@thread.tacv2",
      "  admins: [0a1b2c3d-0000-4000-8000-00000000000F, '29:1abc-DEF_ghi']",
    ].join("\n");
    expect(problemsOf(withIds)).toEqual([]);
  });

  it("refuses two sources of one name", () => {
    const text = "knowledge:\n  sources:\n    - {name: a, path: x}\n    - {name: a, path: y}\n";
    expect(problemsOf(text)).toEqual(["deskhand.yaml:2 knowledge.sources: has two sources of the same name"]);
  });

  it.each([
    ["{name: a}", ["path: is needed, or else a url"]],
    ["{name: a, kind: folder}", ["path: is needed"]],
    ["{name: a, kind: web, path: ./x}", ["path: is nothing for a source of this kind"]],
    ["{name: a, kind: web}", ["url: is needed"]],
    ["{name: a, kind: entries, url: 'https://x.example'}", ["url: is nothing for a source of this kind"]],
    [
      "{name: a, path: ./x, url: 'https://x.example'}",
      ["url: cannot be given together with a path: keep the one that is meant"],
    ],
    ["{name: a, url: 'file:///etc/passwd'}", ["url: must be an http(s) address or a git address"]],
    ["{name: a, path: ./x, every: 5s}", ["every: must be a time like 15m, 6h or 1d, at most 30d, or off"]],
    ["{name: a, path: ./x, every: 31d}", ["every: must be a time like 15m, 6h or 1d, at most 30d, or off"]],
    [
      "{name: A, kind: web, every: 1y}",
      [
        "name: must be lower-case letters, digits and dashes, at most 63",
        "every: must be a time like 15m, 6h or 1d, at most 30d, or off",
        "url: is needed",
      ],
    ],
  ])("refuses the source %s", (source, rules) => {
    const problems = problemsOf(`knowledge:\n  sources:\n    - ${source}\n`);
    expect(problems).toEqual(rules.map((rule) => `deskhand.yaml:3 knowledge.sources.0.${rule}`));
  });

  it("takes sources of every kind, with how often they are synced, their options and their owner", () => {
    const text = [
      "knowledge:",
      "  sources:",
      "    - {name: a, path: ./x, every: 15m}",
      "    - {name: b, url: 'git@git.example:acme/docs.git', options: {branch: main, depth: 3}, every: off}",
      "    - {name: c, url: 'https://help.example', every: 30d, owner: carla}",
      "    - {name: d, kind: push}",
      "    - {name: e, kind: git, path: ./repository}",
    ].join("\n");
    expect(problemsOf(text)).toEqual([]);
  });

  it("takes synonyms, and names the line of every one that is none", () => {
    const group = (words: string, more = "") => `    - {words: ${words}${more}}`;
    const text = (...groups: readonly string[]) => ["knowledge:", "  synonyms:", ...groups].join("\n");
    const good = text(group("[invoice, bill]"), group("[two-factor authentication, 2FA]", ", language: en"));

    expect(parseSettings(good, "deskhand.yaml").knowledge.synonyms).toEqual([
      { words: ["invoice", "bill"] },
      { words: ["two-factor authentication", "2FA"], language: "en" },
    ]);
    const bad = text(
      group("[invoice]"),
      group("[log in, Log-In]"),
      group("['!?', bill]"),
      group("[a, b]", ", language: xx"),
      group("[a, b]", ", weight: 2"),
      group("[a b c d e f g h i, x]"),
      "    - invoice",
    );
    const languages = "da or nl or en or fi or fr or de or it or no or pt or ru or es or sv";
    expect(problemsOf(bad)).toEqual([
      "deskhand.yaml:3 knowledge.synonyms.0.words: must name at least two words",
      "deskhand.yaml:4 knowledge.synonyms.1.words: names a word twice",
      "deskhand.yaml:5 knowledge.synonyms.2.words.0: has neither letters nor digits",
      `deskhand.yaml:6 knowledge.synonyms.3.language: must be ${languages}`,
      "deskhand.yaml:7 knowledge.synonyms.4.weight: is not a setting",
      "deskhand.yaml:8 knowledge.synonyms.5.words.0: must have at most 8 words",
      "deskhand.yaml:9 knowledge.synonyms.6: must be an object",
    ]);
  });

  it("takes source paths relative to its own folder", async () => {
    const file = join(folder, "deskhand.yaml");
    await writeFile(file, "knowledge:\n  sources:\n    - name: docs\n      path: ./docs\n  roots: [shared]\n");
    const { knowledge } = await readSettings(file);
    expect(knowledge.sources).toEqual([{ name: "docs", path: join(folder, "docs"), audience: ["public"] }]);
    expect(knowledge.roots).toEqual([join(folder, "shared")]);
  });

  it("refuses a file that cannot be read", async () => {
    await expect(readSettings(folder)).rejects.toThrow(/cannot be read \(EISDIR\)/u);
  });
});

describe("the committed files of the settings", () => {
  it("has a sample that means the defaults", () => {
    expect(parseSettings(sampleSettings(), "deskhand.sample.yaml")).toEqual(defaultSettings());
  });

  it.each([
    ["deskhand.schema.json", settingsJsonSchema],
    ["deskhand.sample.yaml", sampleSettings],
  ])("keeps %s current (rewrite it with `deskhand config schema` or `config sample`)", async (name, generate) => {
    await expect(readFile(join(packageRoot(), name), "utf8")).resolves.toBe(generate());
  });
});
