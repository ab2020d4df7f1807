import { createHmac } from "node:crypto";

/** The workspace and the bot of the benchmark. */
export const BENCH_TEAM = "TBENCH0001";
export const BENCH_BOT = "UBENCHBOT1";

const PEOPLE = 200;

export interface SlackDelivery {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface DeliveredMessage {
  readonly channel: string;
  readonly index: number;
  /** Seconds since 1970 of the run's start: the first half of every message's id. */
  readonly startedAtS: number;
  readonly isRedelivery: boolean;
}

/** The id of a message in its channel. */
export function messageTs(startedAtS: number, index: number): string {
  return `${startedAtS}.${String(index).padStart(6, "0")}`;
}

/** A mention of the bot as Slack would deliver it at `nowS`, each message a conversation of its own. Pure. */
export function slackDelivery(message: DeliveredMessage, secret: string, nowS: number): SlackDelivery {
  const body = JSON.stringify(mention(message));
  return {
    body,
    headers: {
      "content-type": "application/json",
      "x-slack-request-timestamp": String(nowS),
      "x-slack-signature": slackSignature(body, secret, nowS),
      ...(message.isRedelivery ? { "x-slack-retry-num": "1", "x-slack-retry-reason": "http_timeout" } : {}),
    },
  };
}

/** Slack's v0 signature of a request. */
function slackSignature(body: string, secret: string, timestampS: number): string {
  return `v0=${createHmac("sha256", secret).update(`v0:${timestampS}:${body}`).digest("hex")}`;
}

function mention({ channel, index, startedAtS }: DeliveredMessage) {
  const ts = messageTs(startedAtS, index);
  return {
    token: "bench",
    team_id: BENCH_TEAM,
    context_team_id: BENCH_TEAM,
    api_app_id: "ABENCH0001",
    type: "event_callback",
    event_id: `Ev${channel}${index}`,
    event_time: startedAtS,
    authorizations: [{ enterprise_id: null, team_id: BENCH_TEAM, user_id: BENCH_BOT, is_bot: true }],
    event: {
      type: "app_mention",
      user: `UBENCH${String(index % PEOPLE).padStart(4, "0")}`,
      text: `<@${BENCH_BOT}> How long does it take until order ${index} is delivered?`,
      ts,
      channel,
      event_ts: ts,
      team: BENCH_TEAM,
    },
  };
}
