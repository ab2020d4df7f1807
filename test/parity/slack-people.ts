import type { FakeSlack } from "../fakes/slack/fake-slack.js";
import {
  agentsInThreads,
  type Administrator,
  type AmendingCustomer,
  type FilingAgents,
  type FilingCustomer,
  type FormattingAgents,
  type FormattingCustomer,
} from "./people.js";

const GENERAL = "C0GENERAL";
export const SLACK_AGENTS = "C0AGENTS";
export const SLACK_ADMIN = "U0CARLA";

/** Anna, who mentions the bot in #general and goes on in the thread. */
export function slackCustomer(slack: FakeSlack): AmendingCustomer & FilingCustomer & FormattingCustomer {
  let thread = "";
  const first = () => ({ channel: GENERAL, ts: thread });
  const told = async (deliveries: ReturnType<FakeSlack["people"]["edit"]>) => {
    for (const { outcome } of deliveries) await outcome;
  };
  return {
    async ask(text) {
      const said = slack.mention("U0ANNA", GENERAL, text);
      thread = said.thread;
      await said.acknowledged();
    },
    async followUp(text) {
      await slack.say("U0ANNA", GENERAL, text, { thread }).acknowledged();
    },
    async followUpFormatted({ slack: { text, richText } }) {
      await slack.say("U0ANNA", GENERAL, text, { thread, richText }).acknowledged();
    },
    async attach(text, file) {
      await slack.say("U0ANNA", GENERAL, text, { thread, files: [file] }).acknowledged();
    },
    received: () => Promise.resolve(botsFiles(slack, GENERAL, thread)),
    edit: (text) => told(slack.people.edit("U0ANNA", first(), `@Deskhand ${text}`)),
    // The bot has answered below it.
    remove: () => told(slack.people.removeRoot("U0ANNA", first())),
    sees: () => Promise.resolve(slack.transcript(GENERAL, thread)),
  };
}

/** Ben, in #agents. */
export function slackAgents(slack: FakeSlack): FormattingAgents & FilingAgents {
  let changes: ReturnType<FakeSlack["people"]["edit"]> = [];
  const done = async () => {
    for (const { outcome } of changes) await outcome;
  };
  const placeOf = (words: string) => ({
    channel: SLACK_AGENTS,
    ts: slack.messages(SLACK_AGENTS).findLast(({ text, botId }) => botId === null && text.includes(words))?.ts ?? "",
  });
  const cardOf = (question: string) =>
    slack
      .messages(SLACK_AGENTS)
      .find(({ ts, threadTs }) => threadTs === null && slack.transcript(SLACK_AGENTS, ts).includes(question));
  const inThreads = agentsInThreads({
    sees(question) {
      const card = cardOf(question);
      return Promise.resolve(card === undefined ? "" : slack.transcript(SLACK_AGENTS, card.ts));
    },
    async write(question, text) {
      await slack.say("U0BEN", SLACK_AGENTS, text, { thread: cardOf(question)?.ts ?? "" }).acknowledged();
    },
    async press(question, label) {
      const withButton = slack
        .messages(SLACK_AGENTS, cardOf(question)?.ts ?? "")
        .findLast(({ blocks }) => JSON.stringify(blocks).includes(`"${label}"`));
      await slack.press("U0BEN", { channel: SLACK_AGENTS, ts: withButton?.ts ?? "" }, label);
    },
  });
  return {
    ...inThreads,
    async replyFormatted(question, { slack: { text, richText } }) {
      const thread = cardOf(question)?.ts ?? "";
      await slack.say("U0BEN", SLACK_AGENTS, text, { thread, richText }).acknowledged();
    },
    async editFormatted(words, { slack: { text, richText } }) {
      changes = slack.people.edit("U0BEN", placeOf(words), text, { richText });
      await done();
    },
    async attach(question, text, file) {
      const thread = cardOf(question)?.ts ?? "";
      await slack.say("U0BEN", SLACK_AGENTS, text, { thread, files: [file] }).acknowledged();
    },
    received: (question) => Promise.resolve(botsFiles(slack, SLACK_AGENTS, cardOf(question)?.ts ?? "")),
    async edit(words, text) {
      changes = slack.people.edit("U0BEN", placeOf(words), text);
      await done();
    },
    async remove(words) {
      changes = slack.people.remove("U0BEN", placeOf(words));
      await done();
    },
    async editAgain() {
      changes = changes.map((delivery) => slack.redeliver(delivery));
      await done();
    },
  };
}

/** What the files hold that the bot has put into a thread. */
function botsFiles(slack: FakeSlack, channel: string, thread: string): Buffer[] {
  return slack
    .messages(channel, thread)
    .filter(({ botId }) => botId !== null)
    .flatMap(({ files = [] }) => files.map(({ bytes }) => bytes ?? Buffer.alloc(0)));
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
