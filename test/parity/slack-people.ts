import type { FakeSlack } from "../fakes/slack/fake-slack.js";
import { until, type Administrator, type Agents, type Customer } from "./people.js";

const GENERAL = "C0GENERAL";
export const SLACK_AGENTS = "C0AGENTS";
export const SLACK_ADMIN = "U0CARLA";

/** Anna, who mentions the bot in #general and goes on in the thread. */
export function slackCustomer(slack: FakeSlack): Customer {
  let thread = "";
  return {
    async ask(text) {
      const said = slack.mention("U0ANNA", GENERAL, text);
      thread = said.thread;
      await said.acknowledged();
    },
    async followUp(text) {
      await slack.say("U0ANNA", GENERAL, text, { thread }).acknowledged();
    },
    sees: () => Promise.resolve(slack.transcript(GENERAL, thread)),
  };
}

/** Ben, in #agents. */
export function slackAgents(slack: FakeSlack): Agents {
  const cardOf = (question: string) =>
    slack
      .messages(SLACK_AGENTS)
      .find(({ ts, threadTs }) => threadTs === null && slack.transcript(SLACK_AGENTS, ts).includes(question));
  const see = (question: string) => {
    const card = cardOf(question);
    return Promise.resolve(card === undefined ? "" : slack.transcript(SLACK_AGENTS, card.ts));
  };
  const write = async (question: string, text: string) => {
    await slack.say("U0BEN", SLACK_AGENTS, text, { thread: cardOf(question)?.ts ?? "" }).acknowledged();
  };
  const press = async (question: string, label: string) => {
    await until(() => see(question), new RegExp(`\\[${label}\\]`, "u"));
    const thread = cardOf(question)?.ts ?? "";
    const withButton = slack
      .messages(SLACK_AGENTS, thread)
      .findLast(({ blocks }) => JSON.stringify(blocks).includes(`"${label}"`));
    await slack.press("U0BEN", { channel: SLACK_AGENTS, ts: withButton?.ts ?? "" }, label);
  };
  return {
    sees: see,
    claim: (question) => press(question, "Claim"),
    reply: write,
    note: (question, text) => write(question, `note: ${text}`),
    resolve: (question) => press(question, "Resolve"),
  };
}

/** Carla, by slash command; the reply comes as a direct message. */
export function slackAdministrator(slack: FakeSlack): Administrator {
  return {
    async run(command) {
      await slack.slash(SLACK_ADMIN, GENERAL, `/${command}`);
    },
    sees: () => Promise.resolve(slack.transcript(slack.directChannel(SLACK_ADMIN))),
  };
}
