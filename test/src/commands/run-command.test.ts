import { describe, expect, it } from "vitest";
import { replyText } from "../../../src/answering/reply-text.js";
import { recogniseIntent } from "../../../src/answering/stages/intent.js";
import { createMemoryConfirmations } from "../../../infra/cli/memory-confirmations.js";
import type { ManagedCommand } from "../../../src/commands/command.js";
import { createCommandRunner, type CommandRunnerDependencies } from "../../../src/commands/run-command.js";
import type { Role } from "../../../src/ports/chat.js";
import { newId } from "../../../src/ports/ids.js";
import { plainReply } from "../../../src/ports/reply.js";
import { TerminalInstallation } from "../../fakes/terminal-installation.js";

const ANSWER_ID = "01980a3c-7d1e-7cc2-9d7b-6a5f0e3b2c11";

async function installationWithDocs(): Promise<TerminalInstallation> {
  const installation = new TerminalInstallation();
  await installation.operations.addSource({ name: "docs", kind: "folder", location: "/srv/docs", acl: ["public"] });
  installation.knowledge.put("docs", ["wifi.md", "vpn.md"]);
  return installation;
}

/** The runner as Slack's people reach it, over what is in memory. */
function conversation(installation: TerminalInstallation, changes: Partial<CommandRunnerDependencies> = {}) {
  let now = Date.parse("2026-01-02T03:00:00Z");
  const run = createCommandRunner({
    operationsFor: (who) => installation.operationsFor(who),
    confirmations: createMemoryConfirmations(newId, () => now),
    recordRefusal: (tenant, entry) => installation.desk.desk.audit.record(tenant, entry),
    folderBelowRoots: (path) => Promise.resolve(path.startsWith("below/") ? `/srv/${path}` : null),
    hasSecret: (name) => name === "secretive",
    ...changes,
  });
  return {
    say: (role: Role, line: string, id = "U0CARLA", eventId: string = newId(), isAmongTeam = true) => {
      const author = { id, displayName: "U", role, isBot: false };
      const place = { tenantId: "default", installationId: newId(), platform: "slack", conversationKey: "D1" } as const;
      return run(
        { ...place, isAmongTeam, line, author, audience: ["public", "staff"], eventId },
        new AbortController().signal,
      );
    },
    pass: (minutes: number) => (now += minutes * 60_000),
  };
}

async function typed(installation: TerminalInstallation, role: Role, line: string): Promise<string> {
  return replyText(await conversation(installation).say(role, line));
}

describe("a command in a conversation", () => {
  it.each([true, false])(
    "lists handoffs with what was asked where the team alone reads it: %s",
    async (isAmongTeam) => {
      const installation = new TerminalInstallation();
      const asked: unknown[] = [];
      const manage = (command: ManagedCommand) => {
        asked.push(command);
        return Promise.resolve({ reply: plainReply("the list"), data: [] });
      };
      const { say } = conversation(installation, { operationsFor: () => ({ ...installation.operations, manage }) });
      await say("admin", "handoffs list", "U0ADA", newId(), isAmongTeam);
      expect(asked).toEqual([{ kind: "handoffs-list", hidesQuestions: !isAmongTeam }]);
    },
  );

  it.each([
    ["customer", ["kb search <words>", "help"]],
    [
      "agent",
      [
        "kb status",
        "kb show <source> [document]",
        "kb history <source> <document> [--diff <number> <number>]",
        "kb diff <source> [--runs] [--run <number>]",
        "kb search <words>",
        "kb entries [state]",
        "kb stale [--days <number>]",
        "learn list [state]",
        "learn show <id> [--diff]",
        'learn edit <id> --answer "<answer>" [--question "<question>"]',
        "learn split <id> <number>",
        "learn approve <id> [--new] [--force]",
        "learn done <id>",
        "gaps [--since <days>]",
        "learn cases [state]",
        "learn case <id>",
        "learn label <id> <source> <document>",
        'learn reject <id> [--why "<why>"]',
        "handoffs status",
        "handoffs list",
        "explain [answer id]",
        "help",
      ],
    ],
  ] as const)("help shows a %s what they may run", async (role, usages) => {
    const text = await typed(new TerminalInstallation(), role, "help");
    expect(
      text
        .split("\n")
        .filter((line) => line.startsWith("- "))
        .map((line) => line.slice(2).split(": ")[0]),
    ).toEqual(usages);
  });

  it("a confirmed command that a fault kept from being done is done when its event is tried again", async () => {
    const installation = await installationWithDocs();
    let faults = 1;
    const { say } = conversation(installation, {
      operationsFor: (who) => ({
        ...installation.operationsFor(who),
        removeSource: async (name) => {
          if (faults-- > 0) throw new Error("the database went away");
          await installation.operationsFor(who).removeSource(name);
        },
      }),
    });
    const asked = replyText(await say("admin", "kb remove docs"));
    const [, typedCode = ""] = /confirm (\w+)/u.exec(asked) ?? [];
    await expect(say("admin", `confirm ${typedCode}`, "U0CARLA", "event-1")).rejects.toThrow("went away");
    const again = replyText(await say("admin", `confirm ${typedCode}`, "U0CARLA", "event-1"));
    expect(again).toContain("docs");
    expect(again).not.toContain("confirmed already");
    await expect(typed(installation, "admin", "kb status")).resolves.toContain("No sources yet");
  });

  it("help begins with how to ask and how to get a person, in words that get one", async () => {
    const [first = ""] = (await typed(new TerminalInstallation(), "customer", "help")).split("\n");
    expect(first).toMatch(/^To ask, write your question/u);
    const words = /"([^"]+)"/u.exec(first)?.[1] ?? "";
    expect(recogniseIntent(words)).toMatchObject({ kind: "human-please" });
  });

  it.each(["kb status", "kb diff docs", "kb show docs", "kb history docs a.md", "kb stale", `explain ${ANSWER_ID}`])(
    "refuses a customer %j, and says where the support team runs it",
    async (line) => {
      const text = await typed(await installationWithDocs(), "customer", line);
      expect(text).toMatch(/^Only the support team may run this command: [^.]*agents' channel/u);
    },
  );

  it.each([
    ["customer", "kb sync"],
    ["customer", "doctor"],
    ["agent", "kb sync"],
    ["agent", "doctor"],
    ["agent", "kb add https://help.example"],
    ["agent", "kb remove docs"],
    ["agent", "kb pause docs"],
    ["agent", "kb restore docs"],
    ["agent", "kb restore docs a.md --version 1"],
    ["agent", 'kb write "Q" "A"'],
    ["agent", "kb publish a1b2c3"],
    ["agent", "kb audit"],
  ] as const)("refuses a %s %j, and says how one becomes an admin", async (role, line) => {
    const text = await typed(await installationWithDocs(), role, line);
    expect(text).toMatch(/^This command needs an admin\..*slack\.admins or teams\.admins.*console.*link/u);
  });

  it("lets an admin, but not an agent, sync", async () => {
    const installation = await installationWithDocs();
    await expect(typed(installation, "agent", "kb sync")).resolves.toMatch(/^This command needs an admin/u);
    installation.knowledge.failing = ["broken.pdf"];
    const text = await typed(installation, "admin", "kb sync docs");
    expect(text).toContain("docs: 2026-01-02 03:04, +2 ~0 -0, 1 failed, 0 unchanged");
    expect(text).toContain("- broken.pdf: is larger than 10 MB");
    installation.knowledge.skipping = ["plan.docx"];
    const skipped = await typed(installation, "admin", "kb sync docs");
    expect(skipped).toContain("1 failed, 1 skipped, 0 unchanged");
    expect(skipped).toContain("Skipped (1): Files of the kind .docx are not read.\n\n- plan.docx");
    await expect(typed(installation, "agent", "kb status")).resolves.toContain("docs | 2 | 2 | public | 2026-01-02");
  });

  it("a sync of all sources goes on, and tells what it did, when one of them is removed meanwhile", async () => {
    const installation = await installationWithDocs();
    await installation.operations.addSource({ name: "faq", kind: "folder", location: "/srv/faq", acl: ["public"] });
    installation.knowledge.vanishing = "docs";
    await expect(typed(installation, "admin", "kb sync")).resolves.toMatch(/^faq: 2026-01-02 03:04/u);
  });

  it("names no documents of a sync that the asker may not read, and counts them", async () => {
    const installation = await installationWithDocs();
    installation.desk.secret.add("vpn.md");
    const synced = await typed(installation, "admin", "kb sync docs");
    const diff = await typed(installation, "agent", "kb diff docs");
    for (const text of [synced, diff]) {
      expect(text).toContain("wifi.md");
      expect(text).not.toContain("vpn.md");
      expect(text).toContain("Not named here: 1 document that you may not read.");
    }
  });

  it("searches with the asker's own audience", async () => {
    const installation = await installationWithDocs();
    await expect(typed(installation, "customer", "kb search wifi")).resolves.toContain("wifi.md › Setup");
    expect(installation.knowledge.lastQuery?.audience).toEqual(["public", "staff"]);
    await expect(typed(installation, "customer", "kb search zebra")).resolves.toBe("Nothing found.");
  });

  it("says what an empty state needs", async () => {
    await expect(typed(new TerminalInstallation(), "admin", "kb status")).resolves.toBe(
      "No sources yet. Add one: deskhand kb add ./docs",
    );
    await expect(typed(new TerminalInstallation(), "admin", "kb sync")).resolves.toMatch(/^No sources yet/u);
    await expect(typed(await installationWithDocs(), "admin", "kb diff docs")).resolves.toMatch(/never synced/u);
  });

  it("shows the rows of a file of which every row is a document", async () => {
    const installation = await installationWithDocs();
    installation.desk.put("faq.xlsx#FAQ!1", "Yes.", { title: "Do you ship to Norway?" });
    const text = await typed(installation, "admin", "kb show docs faq.xlsx");
    expect(text).toContain("docs, faq.xlsx: 1 document");
    expect(text).toContain("Do you ship to Norway?");
    await expect(typed(installation, "admin", "kb show docs other.xlsx")).resolves.toContain("no document");
  });

  it("answers a wrong name with the right ones, and throws no such fault", async () => {
    await expect(typed(await installationWithDocs(), "admin", "kb diff dosc")).resolves.toBe(
      'There is no source "dosc". Sources: docs.',
    );
  });

  it("explains an answer from its trace", async () => {
    const text = await typed(new TerminalInstallation(), "agent", `explain ${ANSWER_ID}`);
    expect(text).toContain("Confidence: 83 %, threshold 50 %");
    expect(text).toContain("1 | Reset the hub | reset.md | 0.710");
  });

  it("examines the installation for an admin", async () => {
    await expect(typed(new TerminalInstallation(), "admin", "doctor")).resolves.toContain("Nothing is broken.");
  });

  it("records what somebody may not do, and that they tried", async () => {
    const installation = await installationWithDocs();
    await typed(installation, "customer", "kb remove docs");
    await typed(installation, "agent", "doctor");
    await typed(installation, "customer", `explain ${ANSWER_ID}`);
    expect(installation.desk.audited).toEqual([
      { actor: "slack:U0CARLA", action: "remove", sourceName: "docs", detail: { role: "customer" }, wasAllowed: false },
      { actor: "slack:U0CARLA", action: "doctor", sourceName: null, detail: { role: "agent" }, wasAllowed: false },
      { actor: "slack:U0CARLA", action: "explain", sourceName: null, detail: { role: "customer" }, wasAllowed: false },
    ]);
  });

  it("does what it is asked for under the name of whoever asked", async () => {
    const installation = await installationWithDocs();
    await typed(installation, "admin", "kb sync docs");
    expect(installation.knowledge.actor).toBe("slack:U0CARLA");
  });

  it.each([
    ["kb add https://help.example", { name: "help-example", kind: "web", location: "https://help.example" }],
    ["kb add https://github.com/acme/guides Guides", { name: "Guides", kind: "git" }],
    ["kb add below/manuals", { name: "manuals", kind: "folder", location: "/srv/below/manuals" }],
  ])("adds what an admin types: %s", async (line, added) => {
    const installation = new TerminalInstallation();
    await expect(typed(installation, "admin", line)).resolves.toMatch(/^Added .*kb sync /su);
    await expect(installation.operations.status()).resolves.toMatchObject([{ ...added, acl: ["public"] }]);
  });

  it.each(["/etc", "../../../../etc", "file:///etc/passwd", "git@git.example:acme/docs.git", "ftp://x.example/a"])(
    "adds nothing from %s",
    async (location) => {
      const installation = new TerminalInstallation();
      const text = await typed(installation, "admin", `kb add ${location}`);
      expect(text).toMatch(/^From a conversation only http\(s\) addresses can be added/u);
      await expect(installation.operations.status()).resolves.toEqual([]);
    },
  );

  it.each(["kb add https://evil.example/x.git secretive", "kb add below/manuals secretive"])(
    "adds no source that would be sent a secret: %s",
    async (line) => {
      const installation = new TerminalInstallation();
      const text = await typed(installation, "admin", line);
      expect(text).toMatch(/SOURCE_SECRETIVE_SECRET.* Add it in the terminal: deskhand kb add --help$/u);
      await expect(installation.operations.status()).resolves.toEqual([]);
    },
  );

  it("brings back no source that would be sent a secret", async () => {
    const installation = new TerminalInstallation();
    installation.desk.removed.push("secretive");
    const text = await typed(installation, "admin", "kb restore secretive");
    expect(text).toMatch(/SOURCE_SECRETIVE_SECRET.* in the terminal: deskhand kb restore --help$/u);
    expect(installation.desk.removed).toEqual(["secretive"]);
  });

  it("shows documents as far as whoever asks may read", async () => {
    const installation = await installationWithDocs();
    installation.desk.put("wifi.md", "# Wi-Fi\n\nTurn it on.");
    await expect(typed(installation, "agent", "kb show docs")).resolves.toContain("wifi.md | wifi.md | current | 1");
    expect(installation.desk.audience).toEqual(["public", "staff"]);
    await expect(typed(installation, "agent", "kb show docs wifi.md")).resolves.toContain("Turn it on.");
    await expect(typed(installation, "agent", "kb show docs none.md")).resolves.toBe('docs has no document "none.md".');
  });

  it("takes an entry from a draft to what is answered from, and keeps who did it", async () => {
    const installation = new TerminalInstallation();
    const written = await typed(installation, "admin", 'kb write "Do you ship?" "Yes."');
    const id = /kb approve (\w{6})/u.exec(written)?.[1] ?? "";
    await expect(typed(installation, "admin", `kb publish ${id}`)).resolves.toBe("Approve it first.");
    await expect(typed(installation, "admin", `kb approve ${id}`)).resolves.toContain("approved by slack:U0CARLA");
    await expect(typed(installation, "agent", "kb entries approved")).resolves.toContain("Do you ship?");
    await expect(typed(installation, "agent", "kb entries draft")).resolves.toMatch(/^There are no draft entries/u);
  });

  it("reads published entries again when the archiving of another one has ended their sync", async () => {
    const installation = new TerminalInstallation();
    await typed(installation, "admin", 'kb write "Ship to Norway?" "Yes."');
    const id = installation.desk.entries[0]!.entryId.slice(-6);
    await typed(installation, "admin", `kb approve ${id}`);
    await installation.operations.addSource({ name: "entries", kind: "entries", location: "entries", acl: ["public"] });
    installation.knowledge.takenOver = 2;

    await expect(typed(installation, "admin", `kb publish ${id}`)).resolves.toContain("answered from now");
    expect(installation.knowledge.takenOver).toBe(0);
  });

  it("says that a published entry is answered from only when it could be read", async () => {
    const installation = new TerminalInstallation();
    await installation.operations.addSource({ name: "entries", kind: "entries", location: "entries", acl: ["public"] });
    const written = await typed(installation, "admin", 'kb write "Do you ship?" "Yes."');
    const id = /kb approve (\w{6})/u.exec(written)?.[1] ?? "";
    await typed(installation, "admin", `kb approve ${id}`);
    const { entryId = "" } = installation.desk.entries[0] ?? {};
    installation.knowledge.failing = [entryId];
    const published = await typed(installation, "admin", `kb publish ${id}`);
    installation.knowledge.failing = [entryId];
    const archived = await typed(installation, "admin", `kb archive ${id}`);

    expect(published).toContain("It is not answered from yet. It could not be read: is larger than 10 MB");
    expect(published).not.toContain("answered from now");
    expect(archived).toContain("It is not answered from any more.");
  });

  it("writes one draft for an event that is worked on again after a fault", async () => {
    const installation = new TerminalInstallation();
    const { say } = conversation(installation);
    const eventId = newId();
    const line = 'kb write "Do you ship?" "Yes."';
    const replies = [await say("admin", line, "U0CARLA", eventId), await say("admin", line, "U0CARLA", eventId)];

    expect(installation.desk.entries).toHaveLength(1);
    expect(replyText(replies[1] ?? plainReply(""))).toBe(replyText(replies[0] ?? plainReply("no")));
  });

  it("passes a fault on, for the worker to try again", async () => {
    const installation = new TerminalInstallation();
    const broken = { ...installation.operations, status: () => Promise.reject(new Error("database")) };
    installation.operationsFor = () => broken;
    await expect(typed(installation, "admin", "kb status")).rejects.toThrow("database");
  });
});

describe("a command that takes something away", () => {
  async function askedToRemove() {
    const installation = await installationWithDocs();
    const desk = conversation(installation);
    await desk.say("admin", "kb sync docs");
    const asked = await desk.say("admin", "kb remove docs");
    const code = /confirm (\w{6})/u.exec(replyText(asked))?.[1] ?? "";
    const sources = async () => (await installation.operations.status()).map(({ name }) => name);
    return { installation, ...desk, asked, code, sources };
  }

  it("says in numbers what it would do, with a button and a code, and does nothing yet", async () => {
    const { asked, code, sources } = await askedToRemove();
    expect(replyText(asked)).toContain(
      "takes 2 documents (2 passages) out of every answer. It can be restored for 30 days.",
    );
    expect(asked.actions).toEqual([
      { name: "confirm-command", confirmationId: expect.stringMatching(`${code}$`) as string },
    ]);
    await expect(sources()).resolves.toEqual(["docs"]);
  });

  it("is done once its author says so, by code or by the button's id, and only once", async () => {
    const { say, asked, code, sources } = await askedToRemove();
    const [action] = asked.actions;
    const id = action?.name === "confirm-command" ? action.confirmationId : "";
    expect(replyText(await say("admin", `confirm ${id}`))).toMatch(/^Removed docs\..*kb restore docs/su);
    await expect(sources()).resolves.toEqual([]);
    expect(replyText(await say("admin", `confirm ${code}`))).toMatch(/^That was confirmed already/u);
  });

  it("is not done to another source that has the name by then", async () => {
    const { installation, say, code, sources } = await askedToRemove();
    await installation.operations.removeSource("docs");
    await installation.operations.addSource({ name: "docs", kind: "folder", location: "/srv/new", acl: ["public"] });
    expect(replyText(await say("admin", `confirm ${code}`))).toMatch(/^Another source has that name by now/u);
    await expect(sources()).resolves.toEqual(["docs"]);
  });

  it("is done to those sources alone that its author was shown, where it names none", async () => {
    const { installation, say } = await askedToRemove();
    await installation.operations.addSource({ name: "faq", kind: "folder", location: "/srv/faq", acl: ["public"] });
    const asked = replyText(await say("admin", "kb sync --yes"));
    const [, typedCode = ""] = /confirm (\w{6})/u.exec(asked) ?? [];
    await installation.operations.removeSource("docs");
    const other = { kind: "folder", location: "/srv/new", acl: ["public"] } as const;
    await installation.operations.addSource({ ...other, name: "docs" });
    await installation.operations.addSource({ ...other, name: "later" });
    const done = replyText(await say("admin", `confirm ${typedCode}`));

    expect(done).toContain("faq: 2026-01-02 03:04");
    const sources = await installation.operations.status();
    const synced = sources.flatMap(({ name, lastRun }) => (lastRun === null ? [] : [name]));
    expect(synced).toEqual(["faq"]);
  });

  it("is not done to another source that gets the name in the very moment", async () => {
    const { installation, sources } = await askedToRemove();
    const [shown] = await installation.operations.status();
    await installation.operations.removeSource("docs");
    await installation.operations.addSource({ name: "docs", kind: "folder", location: "/srv/new", acl: ["public"] });
    await expect(installation.operations.removeSource("docs", shown?.sourceId)).rejects.toThrow("by now");
    await expect(sources()).resolves.toEqual(["docs"]);
  });

  it("is not done for anybody else, who is recorded, and still waits for its author", async () => {
    const { installation, say, code, sources } = await askedToRemove();
    expect(replyText(await say("admin", `confirm ${code}`, "U0MALLORY"))).toMatch(/^Only whoever typed/u);
    await expect(sources()).resolves.toEqual(["docs"]);
    expect(installation.desk.audited.at(-1)).toMatchObject({ actor: "slack:U0MALLORY", wasAllowed: false });
    await say("admin", `confirm ${code}`);
    await expect(sources()).resolves.toEqual([]);
  });

  it("is not done when its author is no admin any more", async () => {
    const { say, code, sources } = await askedToRemove();
    expect(replyText(await say("agent", `confirm ${code}`))).toMatch(/^This command needs an admin/u);
    await expect(sources()).resolves.toEqual(["docs"]);
  });

  it("is not done after ten minutes, nor under a code that nobody was given", async () => {
    const { say, pass, code, sources } = await askedToRemove();
    expect(replyText(await say("admin", "confirm 000000"))).toMatch(/^There is nothing to confirm/u);
    pass(10);
    expect(replyText(await say("admin", `confirm ${code}`))).toMatch(/has run out/u);
    await expect(sources()).resolves.toEqual(["docs"]);
  });

  it("is not asked about for a source that is not there, * among them", async () => {
    const { say } = await askedToRemove();
    const answer = await say("admin", "kb remove *");
    expect(replyText(answer)).toBe('There is no source "*". Sources: docs.');
    expect(answer.actions).toEqual([]);
  });

  it("asks before held removals are done and before an earlier text is restored", async () => {
    const { installation, say } = await askedToRemove();
    const sync = await say("admin", "kb sync docs --confirm-removals");
    expect(replyText(sync)).toMatch(/^This reads docs again and removes what is gone there.*No removals are held/su);
    expect(sync.actions).toHaveLength(1);
    const version = { createdAt: "2026-01-02T03:04:05.000Z", editedBy: null, changes: null, title: "Wi-Fi" };
    installation.desk.versions = [
      { ...version, number: 2, isCurrent: true },
      { ...version, number: 1, isCurrent: false },
    ];
    const restore = await say("admin", "kb restore docs wifi.md --version 1");
    expect(replyText(restore)).toMatch(
      /^This makes version 1 of wifi\.md \(2026-01-02\) current again\. It takes the place of version 2/u,
    );
    expect(installation.desk.restored).toEqual([]);
    const code = /confirm (\w{6})/u.exec(replyText(restore))?.[1] ?? "";
    await say("admin", `confirm ${code}`);
    expect(installation.desk.restored).toEqual([
      { source: "docs", externalId: "wifi.md", version: 1, actor: "slack:U0CARLA" },
    ]);
  });
});
