import type { FakeTeams } from "../fakes/teams/fake-teams.js";
import { adam, ana, cora } from "../fakes/teams/people.js";
import type { ShownMessage } from "../fakes/teams/teams-state.js";
import {
  agentsInThreads,
  type Administrator,
  type AmendingCustomer,
  type FilingAgents,
  type FilingCustomer,
  type FormattingAgents,
  type FormattingCustomer,
} from "./people.js";

export const TEAMS_AGENTS = "19:agents@thread.tacv2";
const SUPPORT = "19:support@thread.tacv2";

/** The channels of the team, as its owner made them. */
export function makeChannels(teams: FakeTeams): void {
  teams.addConversation(TEAMS_AGENTS, "channel", [ana, adam]);
  teams.addConversation(SUPPORT, "channel", [cora, ana, adam]);
}

/** Cora, who mentions the bot in a channel and goes on in the thread. */
export function teamsCustomer(teams: FakeTeams): AmendingCustomer & FilingCustomer & FormattingCustomer {
  let thread = "";
  const first = () => teams.state.messages.find(({ conversationId, isBots }) => conversationId === thread && !isBots);
  return {
    async ask(text) {
      await teams.mention(cora, SUPPORT, text);
      thread = newestThread(teams, SUPPORT);
    },
    async followUp(text) {
      await teams.say(cora, thread, text);
    },
    async followUpFormatted({ teams: { text, html } }) {
      await teams.say(cora, thread, text, htmlCopy(html));
    },
    async attach(text, file) {
      await teams.attach(cora, thread, text, file);
    },
    received: () => botsFiles(teams.transcript(thread)),
    async edit(text) {
      await teams.edit(cora, first()?.id ?? "", text);
    },
    async remove() {
      await teams.remove(cora, first()?.id ?? "");
    },
    sees: () => Promise.resolve(shown(teams.transcript(thread))),
  };
}

/** Ana, in the agents' channel. */
export function teamsAgents(teams: FakeTeams): FormattingAgents & FilingAgents {
  const idOf = (words: string) =>
    teams.state.messages.findLast(({ isBots, activity }) => !isBots && String(activity.text).includes(words))?.id ?? "";
  let again = (): Promise<unknown> => Promise.resolve();
  const threadOf = (question: string): string | null => {
    const card = teams.state.messages.find(
      ({ conversationId, isBots, activity }) =>
        conversationId.startsWith(TEAMS_AGENTS) && isBots && JSON.stringify(activity).includes(question),
    );
    return card?.conversationId ?? null;
  };
  const inThreads = agentsInThreads({
    sees(question) {
      const thread = threadOf(question);
      return Promise.resolve(thread === null ? "" : shown(teams.transcript(thread)));
    },
    async write(question, text) {
      await teams.mention(ana, threadOf(question) ?? "", text);
    },
    async press(question, label) {
      const message = teams.transcript(threadOf(question) ?? "").findLast(({ buttons }) => buttons.includes(label));
      if (message !== undefined) await teams.press(ana, message, label);
    },
  });
  return {
    ...inThreads,
    async replyFormatted(question, { teams: { text, html } }) {
      await teams.say(ana, threadOf(question) ?? "", text, htmlCopy(html));
    },
    async editFormatted(words, { teams: { text, html } }) {
      await teams.edit(ana, idOf(words), text, htmlCopy(html));
    },
    async attach(question, text, file) {
      await teams.attach(ana, threadOf(question) ?? "", text, file);
    },
    received: (question) => botsFiles(teams.transcript(threadOf(question) ?? "")),
    async edit(words, text) {
      const id = idOf(words);
      again = () => teams.edit(ana, id, text);
      await again();
    },
    async remove(words) {
      const id = idOf(words);
      again = () => teams.removeAgain(ana, id);
      await teams.remove(ana, id);
    },
    async editAgain() {
      await again();
    },
  };
}

/** Adam, in his chat with the bot. */
export function teamsAdministrator(teams: FakeTeams): Administrator {
  return {
    async run(command) {
      await teams.direct(adam, command);
    },
    sees: () => Promise.resolve(shown(teams.transcript(teams.chatWith(adam)))),
  };
}

/** Teams sends what was formatted beside its plain words. */
function htmlCopy(content: string) {
  return { attachments: [{ contentType: "text/html", content }] };
}

/** What the files hold that the bot has put there: images in the message, others behind a link. */
function botsFiles(messages: readonly ShownMessage[]): Promise<readonly Buffer[]> {
  const files = messages
    .filter(({ from }) => from === "Deskhand")
    .flatMap(({ images, links }) => [
      ...images.map(({ bytes }) => Promise.resolve(bytes)),
      ...(images.length > 0 ? [] : links.filter((link) => link.includes("/files/")).map(downloaded)),
    ]);
  return Promise.all(files);
}

async function downloaded(link: string): Promise<Buffer> {
  const response = await fetch(link);
  return Buffer.from(await response.arrayBuffer());
}

function newestThread(teams: FakeTeams, channel: string): string {
  return (
    teams.state.messages.findLast(({ conversationId }) => conversationId.startsWith(channel))?.conversationId ?? ""
  );
}

function shown(messages: readonly ShownMessage[]): string {
  return messages
    .map(({ from, text, buttons }) => `${from}: ${[text, ...buttons.map((button) => `[${button}]`)].join(" ")}`)
    .join("\n");
}
