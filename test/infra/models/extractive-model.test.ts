import { describe, expect, it } from "vitest";
import { createExtractiveModel } from "../../../infra/models/local/extractive-model.js";
import { quoteUnits } from "../../../infra/models/local/extractive-units.js";
import { parseReply } from "../../../src/answering/parse-reply.js";
import type { ConversationTurn, GenerationEvent, PromptPassage } from "../../../src/ports/models.js";

function passage(number: number, text: string, changes: Partial<PromptPassage> = {}): PromptPassage {
  return { number, title: "Guest network", headingPath: [], kind: "manual", text, score: 1 / number, ...changes };
}

async function answer(
  question: string,
  passages: readonly PromptPassage[],
  history: readonly ConversationTurn[] = [],
): Promise<string> {
  const events: GenerationEvent[] = [];
  const request = { question, language: null, history, passages, maxOutputTokens: 400 };
  for await (const event of createExtractiveModel().generate(request, new AbortController().signal)) events.push(event);
  expect(events.at(-1)).toMatchObject({ kind: "end", finish: "complete", usage: { cost: 0 } });
  return events.map((event) => (event.kind === "text" ? event.text : "")).join("");
}

const LIMITS = passage(
  1,
  "Guests are signed out after 8 hours. You can change the session time to any value between 1 and 72 hours.\n\n| Item | Limit |\n| --- | --- |\n| Vouchers at a time | 200 |\n| Shared devices | 4 |",
);
const STEPS = passage(
  2,
  "A guest network keeps visitors away from your files.\n\nTo switch it on:\n\n1. Open **Settings > Network**.\n2. Choose how guests get in:\n   - a password\n   - vouchers\n3. Tap **Save**.\n\n**Warning:** Don't use your own password.",
  { headingPath: ["Switch on the guest network"] },
);

describe("an answer made of quotes", () => {
  it("opens with the sentence that answers, and cites its passage", async () => {
    expect(await answer("When are guests signed out?", [LIMITS, STEPS])).toMatch(
      /^Guests are signed out after 8 hours\. \[1\]/u,
    );
  });

  it("quotes what stands in angle brackets as the text that it is", async () => {
    const steps =
      "1. Open the menu of the topic.\n2. Select **Mute the topic <topic name>**.\n3. Type `<name>` or <time>.";
    const draft = await answer("How do I mute a topic?", [passage(1, steps, { title: "Mute a topic" })]);
    const text = parseReply(draft, new Set([1]))
      .map((block) => JSON.stringify(block))
      .join("");

    expect(text).toContain("Mute the topic <topic name>");
    expect(text).toContain('"<name>"');
    expect(text).toContain(" or <time>.");
  });

  it.each([
    ["How do I clean my filter?", "1. Rinse the filter"],
    ["How do I clean the boiler?", "1. Drain the boiler"],
  ])("takes the steps of the section that %j is about, not of any under the same title", async (question, first) => {
    const title = "Cleaning the filter and the boiler";
    const section = (number: number, heading: string, text: string) =>
      passage(number, text, { title, headingPath: [title, heading], score: 1 });
    const sections = [
      section(
        1,
        "Before you send a kettle back",
        "1. Open **My kettles**.\n2. Remove the kettle.\n3. Then clean the boiler.",
      ),
      section(2, "Clean the boiler", "1. Drain the boiler.\n2. Pour in the powder.\n3. Wait an hour."),
      section(3, "Clean the filter", "1. Rinse the filter.\n2. Let it dry.\n3. Put it back."),
    ];

    expect(await answer(question, sections)).toContain(first);
  });

  it("reads a table row out as a sentence", async () => {
    expect(await answer("How many vouchers at a time?", [LIMITS])).toContain("**Vouchers at a time**: 200. [1]");
  });

  it("takes the row that has the time that is asked for, among sentences about the same", async () => {
    const text =
      "We want your kettle to last. This page tells you what we cover, for how long, and how a claim works.\n\n| Product | Warranty |\n| --- | --- |\n| Northlight Kettle | 3 years |\n| Cable | 1 year |\n\nThe warranty period starts on the day you receive the product. With a plan the warranty for one kettle and its lids is extended to five years, as long as the plan stays active without a break. A plan started later than 90 days after the purchase doesn't extend the warranty.";
    const heading = { title: "Warranty", headingPath: ["How long the warranty lasts"] };
    expect(await answer("How long is the warranty?", [passage(1, text, heading)])).toContain("3 years");
  });

  it("leaves out what only tells what the page is about", async () => {
    const text =
      "This page tells you how long the warranty is, and how a claim works.\n\nThe warranty for a kettle lasts three years. A claim takes a week.";
    const said = await answer("How long is the warranty?", [passage(1, text)]);
    expect(said).toMatch(/^The warranty for a kettle lasts three years\./u);
    expect(said).not.toContain("This page");
  });

  it("answers from the document that was found first, where another one has the same words", async () => {
    const first = passage(1, "Cards arrive within five days. They are sent by post.", { score: 1 });
    const other = passage(2, "When do cards arrive? Cards arrive when they arrive.", { score: 0.2 });
    expect(await answer("When do cards arrive?", [first, other])).not.toContain("[2]");
  });

  it("lists phrases that are no sentences", async () => {
    const wordings = passage(1, "i lost my card | someone stole my card | my card is gone", { title: "lost card" });
    expect(await answer("my card is lost", [wordings])).toMatch(/^- i lost my card \[1\]\n- /u);
  });

  it("does not let a phrase without an end run into the next sentence", async () => {
    const wordings = passage(1, "what is the function of the identity check | i refuse to verify my identity.", {
      title: "identity",
    });
    expect(await answer("what is the identity check for", [wordings])).toContain("check [1]\n\ni refuse");
  });

  it("does not take 40 degrees for 40 days", async () => {
    const degrees = passage(1, "Both work between 0 and 40 degrees. Clean them with a cloth.");
    const days = passage(2, "Your kettle may go back within 30 days of its delivery. Pack it well.", { score: 0.9 });
    expect(await answer("May I bring something back after 40 days?", [degrees, days])).toMatch(/^Your kettle may go/u);
  });

  it("finds a number by the word before it", async () => {
    const other = passage(1, "The fault is solved by a restart.");
    const said = await answer("What does fault 502 mean?", [
      other,
      passage(2, "Fault 502: the lid is open.", { score: 0.9 }),
    ]);
    expect(said).toMatch(/^Fault 502: the lid is open\./u);
  });

  describe("with a yes or no in the passages", () => {
    const returns = passage(1, "A kettle goes back within 30 days of delivery. The parcel is free.", {
      title: "Returns",
      kind: "policy",
    });
    const outdoors = passage(
      2,
      "No, after a return to the kitchen the kettle must dry for a day. A kettle lasts for years.",
      {
        title: "Can I leave my lamp in the garden?",
        kind: "faq",
        score: 0.95,
      },
    );

    it("does not open with that of another question", async () => {
      const said = await answer("Can I return the kettle after a day?", [returns, outdoors]);
      expect(said).toMatch(/^A kettle goes back within 30 days/u);
    });

    it("does not add that of another question", async () => {
      const wet = { ...outdoors, text: "No, many days of rain are no ground for a return of it." };
      const said = await answer("Within how many days of delivery can I return a kettle?", [returns, wet]);
      expect(said).toMatch(/^A kettle goes back within 30 days/u);
      expect(said).not.toContain("No, many");
    });

    it("opens with that of the question that is asked", async () => {
      const said = await answer("May my lamp stay in the garden?", [
        returns,
        passage(2, "No, both are for dry rooms. Our garden lamps may stay outside.", {
          ...{ title: "Can I leave my lamp in the garden?", kind: "faq", score: 0.95 },
        }),
      ]);
      expect(said).toMatch(/^No, both are for dry rooms\./u);
    });

    it("opens with that of the entry that was found first, perhaps by another wording", async () => {
      const entry = passage(1, "No, both are built for dry rooms. For a terrace, take a lantern.", {
        title: "Can I leave my lamp in the garden?",
        kind: "faq",
      });
      expect(await answer("Is the terrace all right?", [entry, { ...returns, number: 2, score: 0.2 }])).toMatch(
        /^No, /u,
      );
    });

    it("knows a sentence that merely begins with the word", async () => {
      const said = await answer("Do I need a card for the trial?", [
        returns,
        passage(2, "No card is needed for the trial."),
      ]);
      expect(said).toMatch(/^No card is needed for the trial\./u);
    });
  });

  it("knows a compound by its last part", async () => {
    const text = "We repair faults in material.\n\nStones are ours.\n\nDamage by a storm is not covered.";
    expect(await answer("What about a snowstorm?", [passage(1, text)])).toContain("Damage by a storm");
  });

  it("adds what the question asks beside its first half", async () => {
    const text = "A voucher is valid for a day. It can be printed. It can be shared.";
    const other = "Logos must be small files. A logo may be changed.";
    const said = await answer("How long is a voucher valid, and how small must a logo be?", [
      passage(1, text),
      passage(2, other),
    ]);
    expect(said).toContain("valid for a day. [1]");
    expect(said).toContain("Logos must be small files. [2]");
  });

  it("gives the whole procedure for a how-to question, with its warning", async () => {
    expect(await answer("How do I switch on the guest network?", [LIMITS, STEPS])).toBe(
      "To switch it on: [2]\n\n1. Open **Settings > Network**. [2]\n2. Choose how guests get in:\n    - a password\n    - vouchers [2]\n3. Tap **Save**. [2]\n\n**Warning:** Don't use your own password. [2]",
    );
  });

  it("says where a procedure that is too long goes on", async () => {
    const steps = Array.from({ length: 20 }, (_, index) => `${index + 1}. Press the button number ${index + 1} now.`);
    const text = await answer("How do I press the buttons?", [passage(1, steps.join("\n"))]);

    expect(text).toMatch(/^1\. Press the button number 1 now\. \[1\]\n2\. /u);
    expect(text).toMatch(/now\. … \[1\]$/u);
    expect(
      text
        .replaceAll(/\[1\]|…/gu, "")
        .trim()
        .split(/\s+/u).length,
    ).toBeLessThanOrEqual(80);
  });

  it("quotes steps from the first on, also when the question does not ask for steps", async () => {
    const text =
      "Phones show the page only if nothing interferes.\n\n1. Switch off any blocker.\n2. Open the start address.\n3. On Android, check the private name server.";
    expect(await answer("The page is missing on my Android phone", [passage(1, text)])).toContain(
      "1. Switch off any blocker. [1]\n2. Open the start address. [1]\n3. On Android, check the private name server. [1]",
    );
  });

  it("quotes no later steps when those before them do not fit", async () => {
    const long = Array.from({ length: 40 }, () => "wide").join(" ");
    const text = `The lamp is a light for guests.\n\n1. Take the ${long} box.\n2. Put the ${long} box down.\n3. Light the lamp for guests.`;
    const said = await answer("lamp for guests", [passage(1, text)]);
    expect(said).toContain("The lamp is a light for guests.");
    expect(said).not.toContain("Light the lamp");
  });

  it("goes on with a list that counts on after a picture", async () => {
    const text =
      "To make tea:\n\n1. Fill the kettle.\n\n![](kettle.png) This is the kettle.\n\n2. Heat the water for tea.\n3. Make the tea.";
    expect(await answer("How do I make tea?", [passage(1, text)])).toMatch(
      /1\. Fill the kettle\. \[1\][\s\S]*\n2\. Heat the water for tea\. \[1\]\n3\. Make the tea\. \[1\]/u,
    );
  });

  it("keeps the numbers of a passage that begins in the middle of a procedure", async () => {
    const text = "4. Heat the water for tea.\n5. Make the tea.";
    expect(await answer("How do I make tea?", [passage(1, text)])).toMatch(/^4\. Heat .*\n5\. Make /u);
  });

  it("answers a follow-up to a how-to question with the procedure", async () => {
    const history = [
      { role: "customer", text: "How do I clean the kettle?" },
      { role: "bot", text: "Fill in the powder." },
    ] as const;
    const text =
      "1. Clean the kettle.\n2. Fill in water.\n3. Add powder.\n4. Heat it.\n5. Wait an hour.\n6. Pour it out.\n7. Dry the lid.";
    expect(await answer("and on Sundays? clean kettle", [passage(1, text, { title: "Kettle" })], history)).toMatch(
      /^1\. Clean the kettle\. [\s\S]*\n7\. Dry the lid\. \[1\]$/u,
    );
  });

  it("takes a new question for what it is after a how-to question", async () => {
    const history = [{ role: "customer", text: "How do I switch on the guest network?" }] as const;
    expect(await answer("shared devices", [LIMITS, STEPS], history)).toMatch(/^\*\*Shared devices\*\*: 4\. \[1\]/u);
  });

  it("prefers passages in the language of the question", async () => {
    const german = passage(
      1,
      "Gäste werden nach 8 Stunden abgemeldet. Das ist die Sitzung für Gäste, und sie ist kurz.",
    );
    const english = passage(2, "Guests are signed out after 8 hours. This is the session of the guests.", {
      score: 0.9,
    });

    expect(await answer("How long is the session for the guests?", [german, english])).toMatch(/\[2\]/u);
  });

  it("never passes off a number in brackets as a citation", async () => {
    expect(await answer("Where is the array item?", [passage(1, "The array item is in list [7] here.")])).toBe(
      "The array item is in list (7) here. [1]",
    );
  });

  it("is empty when there is nothing to quote", async () => {
    expect(await answer("Anything?", [])).toBe("");
  });

  it("stops when it is aborted", async () => {
    const request = {
      question: "When are guests signed out?",
      language: null,
      history: [],
      passages: [LIMITS],
      maxOutputTokens: 1,
    };
    const controller = new AbortController();
    const stream = createExtractiveModel().generate(request, controller.signal)[Symbol.asyncIterator]();
    await stream.next();
    controller.abort(new Error("enough"));

    await expect(stream.next()).rejects.toThrow("enough");
  });
});

it("cuts a passage into sentences, steps with their choices, rows and code", () => {
  const text = `**Topic**\n\nOne [page](x.md). Two!\n1. Do\n   - this\n2. That\n\n| A | B | C |\n| - | - | - |\n| x | 1 | 2 |\n\n\`\`\`\ncode\n\`\`\``;
  expect(quoteUnits(passage(1, text)).map(({ kind, text: unit, heading }) => [kind, unit, heading])).toEqual([
    ["sentence", "One page.", "Topic"],
    ["sentence", "Two!", "Topic"],
    ["step", "Do\n    - this", "Topic"],
    ["step", "That", "Topic"],
    ["row", "**x** – B: 1; C: 2.", "Topic"],
    ["code", "```\ncode\n```", "Topic"],
  ]);
});
