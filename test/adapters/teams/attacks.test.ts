import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { createTeamsSurface } from "../../../adapters/teams/teams-surface.js";
import { parseReply } from "../../../src/answering/parse-reply.js";
import type { Activity } from "../../fakes/teams/fake-teams.js";
import type { Forgery } from "../../fakes/teams/openid-issuer.js";
import { cora } from "../../fakes/teams/people.js";
import { messageTo, openTeams, signal, surfaceDeps, type TeamsHarness } from "./teams-harness.js";

const attackSchema = z.object({
  id: z.string(),
  input: z.string(),
  puppet_output: z.string().nullable(),
});
type Attack = z.infer<typeof attackSchema>;

const file = path.join(process.env["TEST_DATA_DIR"] ?? "", "attacks", "attacks.jsonl");
const attacks = process.env["TEST_DATA_DIR"] !== undefined && existsSync(file) ? readAttacks() : [];
const reason = attacks.length === 0 ? " (skipped: TEST_DATA_DIR names no folder with attacks/attacks.jsonl)" : "";

function readAttacks(): readonly Attack[] {
  const lines = readFileSync(file, "utf8").trim().split("\n");
  return lines.map((line) => attackSchema.parse(JSON.parse(line)));
}

function ofKind(...kinds: readonly string[]): readonly Attack[] {
  return attacks.filter(({ id }) => kinds.includes(id.split("-")[0] ?? ""));
}

const FOREIGN = "11111111-1111-1111-1111-111111111111";

/** What each case sends. JWT-09 is about the start. */
const REQUESTS: Readonly<Record<string, { readonly forgery?: Forgery; readonly activity?: Activity }>> = {
  "JWT-01": { forgery: { header: null } },
  "JWT-02": { forgery: { algorithm: "none" } },
  "JWT-03": { forgery: { algorithm: "HS256" } },
  "JWT-04": { forgery: { audience: "another-app-id" } },
  "JWT-05": { forgery: { issuer: "https://attacker.example" } },
  "JWT-06": { forgery: { expiresIn: -360 } },
  "JWT-07": {
    forgery: { serviceUrl: "https://smba.trafficmanager.net/emea/" },
    activity: { serviceUrl: "https://attacker.example/" },
  },
  "JWT-08": {
    activity: {
      conversation: { id: "a:29:cora", conversationType: "personal", tenantId: FOREIGN },
      channelData: { tenant: { id: FOREIGN } },
    },
  },
  "JWT-10": { activity: { serviceUrl: null } },
};

describe.skipIf(attacks.length === 0)(`attacks on Teams${reason}`, () => {
  let teams: TeamsHarness;
  beforeAll(async () => {
    teams = await openTeams();
    await teams.fake.direct(cora, "hello");
  });
  afterAll(async () => teams[Symbol.asyncDispose]());

  it.each(ofKind("JWT").filter(({ id }) => id !== "JWT-09"))(
    "$id is refused, and nothing is stored or called",
    async ({ id }) => {
      const request = REQUESTS[id];
      expect(request, `no request is written for ${id}`).toBeDefined();
      const done = () => [teams.accepted, [...teams.addresses], teams.fake.requests, teams.fake.lookUps].map(size);
      const before = done();
      const { status, body } = await teams.fake.direct(cora, "hello", request?.activity, request?.forgery);

      // A good token from somewhere else is ignored.
      expect(id === "JWT-08" ? [200] : [401, 403]).toContain(status);
      expect(body).toBe("");
      expect(done()).toEqual(before);
    },
  );

  it("JWT-09: nothing starts without an app id", () => {
    expect(() => createTeamsSurface({ ...surfaceDeps(teams.fake), appId: "" })).toThrow(/app id/u);
  });

  it.each(ofKind("INJ", "XSS", "TMS", "MEN"))(
    "$id reaches the core as the words that were written",
    async ({ input }) => {
      const asIs = input
        .replaceAll(/<\/?at>/gu, "")
        .replaceAll(/[^\S\n]+/gu, " ")
        .trim();
      await teams.fake.direct(cora, input);

      const event = teams.accepted.at(-1);
      expect(event?.kind).toBe("message");
      const text = event?.kind === "message" ? event.text : "";
      expect(text.replaceAll(/\s+/gu, " ")).toContain(decoded(asIs).replaceAll(/\s+/gu, " ").slice(0, 30));
      expect(({} as Record<string, unknown>)["isAdmin"]).toBeUndefined();
    },
  );

  it.each(ofKind("INJ", "XSS", "TMS", "MEN", "EXF"))(
    "$id does nothing when it is said",
    async ({ input, puppet_output }) => {
      const said = puppet_output ?? input;
      const { adapter } = teams.surface;
      const chat = teams.ref("a:29:cora");
      const answer = { blocks: parseReply(said, new Set()), citations: [], actions: [] };
      const before = teams.fake.transcript(chat.key).length;
      await adapter.post(messageTo(chat, answer), signal);
      await adapter.post(messageTo(chat, said, { role: "agent", name: said.slice(0, 50) }), signal);
      const stream = await adapter.openStream(messageTo(chat, ""), signal);
      await stream.append(said, signal);
      await stream.finish(answer, signal);

      const shown = teams.fake.transcript(chat.key).slice(before);
      expect(shown.length).toBeGreaterThanOrEqual(3);
      for (const { live, links, buttons } of shown)
        expect({ live, links, buttons }).toEqual({ live: [], links: [], buttons: [] });
      const sent = JSON.stringify(teams.fake.bodies);
      expect(sent).not.toMatch(/"type":"mention"|Action\.OpenUrl|"attachments"/u);
    },
  );

  it.each(ofKind("IDM").filter(({ id }) => id === "IDM-05"))("$id shows the reply once", async () => {
    const chat = teams.ref("a:29:cora");
    const before = teams.fake.transcript(chat.key).length;
    for (const fault of [{ kind: "lose-reply" }, { kind: "status-after-work", status: 502 }] as const) {
      teams.fake.failNext(fault);
      const message = messageTo(chat, "Hold it.");
      await expect(teams.surface.adapter.post(message, signal)).rejects.toMatchObject({ failure: "unreachable" });
      const looking = teams.surface.adapter.reconcile(chat, message.deliveryId, signal);
      await expect(looking).rejects.toMatchObject({ failure: "rejected", isRetryable: false });
    }

    expect(teams.fake.transcript(chat.key)).toHaveLength(before + 2);
  });
});

function size({ length }: readonly unknown[]): number {
  return length;
}

/** Teams sends some characters as entities; one level is undone. */
function decoded(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
