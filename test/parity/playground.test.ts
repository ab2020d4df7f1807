import { describe, expect, it } from "vitest";
import { Playground, type PlaygroundMessage } from "../fakes/teams/playground.js";
import { freePort } from "../../infra/bench/bench-process.js";
import { until } from "./people.js";
import { RunningProduct } from "./running-product.js";

const program = process.env["TEST_PLAYGROUND"] ?? "";
const APP = "33333333-3333-4333-8333-333333333333";
const TENANT = "44444444-4444-4444-8444-444444444444";

interface ExecuteAction {
  readonly type: string;
  readonly title: string;
}

function buttonsOf({ attachments }: PlaygroundMessage): readonly ExecuteAction[] {
  const found: ExecuteAction[] = [];
  JSON.stringify(attachments, (_key, value: unknown) => {
    if (isExecute(value)) found.push(value);
    return value;
  });
  return found;
}

function isExecute(value: unknown): value is ExecuteAction {
  return typeof value === "object" && value !== null && "type" in value && value.type === "Action.Execute";
}

describe.skipIf(program === "")(
  "Microsoft 365 Agents Playground (needs TEST_PLAYGROUND, the path of its cli.js)",
  { timeout: 120_000 },
  () => {
    it("a question is answered with its source, and a card's button is answered", async () => {
      await using playground = await Playground.start({
        program,
        port: await freePort(),
        appId: APP,
        tenantId: TENANT,
      });
      await using product = await RunningProduct.start(
        {
          TEAMS_APP_ID: APP,
          TEAMS_APP_PASSWORD: "unused by the stand-in",
          TEAMS_APP_TENANT_ID: TENANT,
          TEAMS_EMULATOR_URL: playground.url,
        },
        {},
      );
      playground.botUrl = `${product.origin}/api/messages`;
      const shown = () =>
        Promise.resolve([...playground.messages.values()].map((message) => JSON.stringify(message)).join("\n"));

      await playground.say("How do I reset the Hub to factory settings?");
      const seen = await until(shown, /Action\.Execute/u);
      expect(seen).toContain("[1]");

      const withCard = [...playground.messages.values()].find((message) => buttonsOf(message).length > 0);
      const button =
        withCard === undefined ? undefined : buttonsOf(withCard).find(({ title }) => /helpful/iu.test(title));
      const answer = await playground.press(withCard?.messageId ?? "", button ?? {});
      expect(answer).toMatch(/thank|noted|helped/iu);
    });
  },
);
