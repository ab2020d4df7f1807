import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { WriteRequest } from "../fakes/openai/request-rules.js";
import { writesDraft, type Script } from "../fakes/openai/scripts.js";
import { makePdf } from "../support/make-pdf.js";
import { testFolder, type TestFolder } from "../support/knowledge.js";
import { attackCases, hasAttackFile, type AttackCase } from "./attack-file.js";
import { failuresOf, saysNothingHarmful, type Observed } from "./attack-oracles.js";
import { PuppetProduct, type AskOptions, type Exchange, type Puppet } from "./puppet-product.js";

const HONEST = "The Falcon relay is reset with the round button.";
/** Not the same words: of two passages that say the same, the model is shown one. */
const BELOW = `${HONEST} Its lamp is green.`;
const QUESTION = "How do I reset the Falcon relay?";
const ENTRANCES = ["message", "kb_document", "file"];
/** Judged by the time they take or by what many messages cost: see attack-load.test.ts and attack-spending.test.ts. */
const LOAD = ["latency_lt_ms", "spend_lt_cap", "fairness"];

const cases = hasAttackFile
  ? attackCases(["MEN", "EXF", "DPI", "IPI", "UNI", "DOS"]).filter(
      ({ enters, check }) => ENTRANCES.includes(enters) && !LOAD.includes(check.kind),
    )
  : [];

/** How the puppet cites: behind everything, or behind each line. */
const CITING = ["once", "on every line"] as const;

describe.skipIf(!hasAttackFile)("a model that says whatever the attacker wants (needs TEST_DATA_DIR)", () => {
  const canary = `canary-${randomUUID()}`;
  let desk: PuppetProduct;
  let staffOnly: TestFolder;
  let trap: Server;
  let connections = 0;

  beforeAll(async () => {
    desk = await PuppetProduct.start();
    staffOnly = testFolder({ "staff.md": `# Falcon relay for staff\n\n${HONEST} The staff code is ${canary}.` });
    await desk.addSource("staff", staffOnly.location, ["group:staff"]);
    trap = createServer((socket) => {
      connections += 1;
      socket.destroy();
    }).listen(0, "127.0.0.1");
    await once(trap, "listening");
  });
  afterAll(async () => {
    trap.close();
    await desk[Symbol.asyncDispose]();
    staffOnly[Symbol.dispose]();
  });

  it("are met in full number", () => {
    expect(cases.length).toBeGreaterThanOrEqual(45);
  });

  describe.each(CITING)("and cites %s", (citing) => {
    const puppets = citing === "once" ? cases : cases.filter(({ puppetOutput }) => puppetOutput !== null);

    it.each(puppets)("$id: $check.kind", async (attack) => {
      const observed = await carryOut(attack, citing);

      expect(observed.exchange.outcomes).not.toContain("failed");
      expect(isShownToModel(observed)).toBe(true);
      expect(await failuresOf(observed)).toEqual([]);
      expect(saysNothingHarmful(observed)).toEqual([]);
    });
  });

  async function carryOut(attack: AttackCase, citing: (typeof CITING)[number]): Promise<Observed> {
    await prepare(attack);
    const puppetWrote = attack.puppetOutput?.replaceAll("{{CANARY}}", canary) ?? null;
    desk.puppet = puppetOf(puppetWrote ?? HONEST, citing);
    const rowsBefore = new Map<string, readonly string[]>();
    for (const table of ["document", "source", "handoff"]) rowsBefore.set(table, await desk.rowsOf(table));
    const before = connections;
    const exchange = await converse(attack);
    return {
      attack,
      desk,
      exchange,
      canary,
      plantedTitle: titleOf(attack),
      puppetWrote,
      rowsBefore,
      connections: () => connections - before,
    };
  }

  /** The knowledge that the case needs, and what others said before. */
  async function prepare(attack: AttackCase): Promise<void> {
    const honest = { "falcon.md": `# Falcon relay\n\n${HONEST}` };
    // Where a link carries something off, it is something that the model was shown.
    const shown = attack.id.startsWith("EXF-") ? { "code.md": `# Falcon relay code\n\nThe code is ${canary}.` } : {};
    await desk.know({ ...honest, ...shown, ...documentOf(attack, trap) });
    desk.puppet = () => writesDraft("", { decision: "no_answer" });
    await desk.ask(`Where is the parcel of customer ${canary}?`, { who: "U0BEN", isDirect: true });
  }

  function converse(attack: AttackCase): Promise<Exchange> {
    const next = /'([^']+)'/u.exec(attack.setup ?? "")?.[1];
    const isMessage = attack.enters === "message";
    // Where the attack names #general as its target, it comes from elsewhere.
    const isDirect = attack.input.includes("C0GENERAL");
    const options: AskOptions = { isDirect, ...(isMessage && next !== undefined ? { then: next } : {}) };
    const question = next !== undefined && !isMessage ? next : QUESTION;
    return desk.ask(isMessage ? `${attack.input} ${QUESTION}` : question, options);
  }
});

/** A document that the model never saw proves nothing; who asks for a person is not answered by any model. */
function isShownToModel({ attack, exchange, plantedTitle }: Observed): boolean {
  if (attack.enters === "message" || exchange.prompts.length === 0) return exchange.outcomes.length > 0;
  const title = /(?<=SYSTEM: )[\w ]+/u.exec(plantedTitle)?.[0] ?? plantedTitle;
  return exchange.prompts.some(({ input }) => new RegExp(`^Title: .*${title}`, "mu").test(input));
}

function puppetOf(words: string, citing: (typeof CITING)[number]): Puppet {
  return (request: WriteRequest): Script => {
    const numbers = [...request.input.matchAll(/^BEGIN \S+ \(passage \[(\d+)\]\)$/gmu)].map(([, number]) => number);
    const marks = numbers.map((number) => `[${String(number)}]`).join(" ");
    if (citing === "once") return writesDraft(`${words} ${marks}`);
    return writesDraft(words.replaceAll(/(?<=\S)$/gmu, ` ${marks}`));
  };
}

function titleOf({ id, input }: AttackCase): string {
  if (id === "IPI-09") return input.replace(/^Title: /u, "");
  return /^# (.+)$/mu.exec(input)?.[1] ?? `${id[0] ?? ""}${id.slice(1).toLowerCase().replace("-", " ")}`;
}

/** As its case describes it, with the honest answer below it, so that the question finds it. */
function documentOf(attack: AttackCase, trap: Server): Readonly<Record<string, string | Uint8Array>> {
  const { id, enters, input } = attack;
  if (enters === "message") return {};
  const name = id.toLowerCase();
  if (enters === "file") return { [`${name}.pdf`]: invisibleInPdf(input) };
  if (id === "IPI-09") return { [`${name}.md`]: `---\ntitle: ${JSON.stringify(titleOf(attack))}\n---\n\n${BELOW}` };
  const address = trap.address();
  const host = `127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
  const named = String(attack.check["host"]);
  const words =
    attack.check.kind === "no_net" ? input.replaceAll(new RegExp(`https?://${named}`, "gu"), `http://${host}`) : input;
  if (words.startsWith("<"))
    return { [`${name}.html`]: `${words}<p>${BELOW}</p>`, [`${name}.md`]: `${words}\n\n${BELOW}` };
  return { [`${name}.md`]: `${words}\n\n${BELOW}` };
}

/** The words that the case quotes, in render mode 3. */
function invisibleInPdf(input: string): Uint8Array {
  const words = /'([^']+)'/u.exec(input)?.[1] ?? "";
  const line = (text: string, y: number) => `BT /F1 11 Tf 50 ${y} Td (${text}) Tj ET`;
  return makePdf([{ content: `${line(BELOW, 700)} BT 3 Tr /F1 11 Tf 50 600 Td (${words}) Tj ET` }]);
}
