import { defaultSettings, type Settings } from "../../infra/config/settings.js";
import type { FakeSlack } from "../fakes/slack/fake-slack.js";
import type { FakeTeams } from "../fakes/teams/fake-teams.js";
import { SLACK_AGENTS } from "./slack-people.js";
import { TEAMS_AGENTS } from "./teams-people.js";

export const TEAMS_APP = "33333333-3333-4333-8333-333333333333";
export const TEAMS_TENANT = "44444444-4444-4444-8444-444444444444";

/** What a product that answers nothing by itself is started with, so that everybody on Slack and Teams gets a person. */
export function bothPlatforms(
  slack: FakeSlack,
  teams: FakeTeams,
  agentsOn: Settings["handoff"]["platform"],
): [Record<string, string>, Partial<Settings>] {
  const { knowledge, handoff, ...settings } = defaultSettings();
  return [
    {
      SLACK_BOT_TOKEN: slack.botToken(),
      SLACK_API_URL: slack.apiUrl,
      SLACK_SIGNING_SECRET: slack.signingSecret,
      TEAMS_APP_ID: TEAMS_APP,
      TEAMS_APP_PASSWORD: "unused by the stand-in",
      TEAMS_APP_TENANT_ID: TEAMS_TENANT,
      TEAMS_EMULATOR_URL: new URL(teams.serviceUrl).origin,
    },
    {
      knowledge: { ...knowledge, demo: false },
      handoff: { ...handoff, platform: agentsOn },
      slack: { ...settings.slack, agentsChannel: SLACK_AGENTS },
      teams: { ...settings.teams, agentsChannel: TEAMS_AGENTS },
    },
  ];
}
