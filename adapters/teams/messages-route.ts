import type { InboundSink, Interactions, Participation } from "../../src/ports/chat.js";
import type { Clock } from "../../src/ports/clock.js";
import { assertNever, errorCode } from "../../src/ports/errors.js";
import type { HttpRequest, HttpResponse, HttpRoute } from "../../src/ports/http.js";
import type { Logger } from "../../src/ports/logger.js";
import type { TeamsAddress } from "./address.js";
import { answerInTime, type AnswerLimits } from "./answer-in-time.js";
import { rosterOf, toSpeaking, type AuthorSettings, type Speaking } from "./authors.js";
import type { BotConnector, OutgoingActivity } from "./bot-connector.js";
import { parseActivity, type InboundActivity, type TeamsAccount } from "./inbound-activity.js";
import { readActivity, type Reading } from "./inbound-events.js";
import { allowedTenantOf, claimsIssuer, mayCall, type GuardSettings } from "./inbound-guard.js";
import type { KnownAddresses } from "./known-addresses.js";
import { outcomeText } from "./outcome-text.js";
import type { People } from "./people.js";

export interface MessagesRouteDeps {
  readonly connector: BotConnector;
  readonly guard: GuardSettings;
  readonly authors: AuthorSettings;
  readonly people: People;
  readonly installation: (tenantId: string) => Promise<{ readonly id: string }>;
  readonly sink: InboundSink;
  readonly interactions: Interactions;
  readonly participation: Participation;
  readonly known: KnownAddresses;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits: AnswerLimits;
}

const BODY_LIMIT = 256 * 1024;

/** Where Bot Connector delivers. 200 is only ever answered for what is stored, or what nobody wants. */
export function messagesRoute(deps: MessagesRouteDeps): HttpRoute {
  return {
    method: "POST",
    path: "/api/messages",
    bodyLimit: BODY_LIMIT,
    handle: (request) =>
      answerInTime(
        (signal) => answer(deps, request, signal),
        () => unavailable(deps, "timeout"),
        deps.limits,
      ),
  };
}

async function answer(deps: MessagesRouteDeps, request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
  const authorization = request.headers["authorization"] ?? "";
  if (!claimsIssuer(authorization, deps.guard.tokenIssuer)) return refuse(deps, 401, "no-token");
  if (request.body.length > BODY_LIMIT) return refuse(deps, 413, "too-large");
  const activity = parseActivity(request.body);
  if (activity === null) return refuse(deps, 400, "not-an-activity");
  // Without an address the library does not compare it with the token's; with a stranger's, our token would go there.
  const serviceUrl = activity.serviceUrl ?? "";
  if (activity.channelId !== "msteams" || !mayCall(serviceUrl, deps.guard)) return refuse(deps, 403, "service-address");
  const turn: { response?: HttpResponse } = {};
  try {
    await deps.connector.receive(authorization, toLibrary(activity), async () => {
      turn.response = await handleVerified(deps, { ...activity, serviceUrl }, signal);
    });
  } catch (error) {
    return isMetadataFailure(error) ? unavailable(deps, errorCode(error)) : refuse(deps, 401, errorCode(error));
  }
  return turn.response ?? unavailable(deps, "no-turn");
}

type Addressed = InboundActivity & { readonly serviceUrl: string };

/** Never throws: what goes wrong in here is not the token's fault. */
async function handleVerified(
  deps: MessagesRouteDeps,
  activity: Addressed,
  signal: AbortSignal,
): Promise<HttpResponse> {
  const tenantId = allowedTenantOf(activity, deps.guard);
  if (tenantId === null) return refuse(deps, TENANT_REFUSED, "tenant-not-allowed");
  try {
    const { id: installationId } = await deps.installation(tenantId);
    const reading = readActivity({ activity, installationId, receivedAt: deps.clock.now() }, deps.authors);
    return await handleReading(deps, { activity, tenantId, reading }, signal);
  } catch (error) {
    return unavailable(deps, errorCode(error));
  }
}

/** Ignored, not refused: the token is good, and Bot Connector would only count the bot as broken. */
const TENANT_REFUSED = 200;

interface Read {
  readonly activity: Addressed;
  readonly tenantId: string;
  readonly reading: Reading;
}

async function handleReading(deps: MessagesRouteDeps, read: Read, signal: AbortSignal): Promise<HttpResponse> {
  const { reading } = read;
  switch (reading.kind) {
    case "nothing":
      return { status: 200 };
    case "unknown-press":
      return invokeResponse(400, "application/vnd.microsoft.error", {
        code: "BadRequest",
        message: "This button is not known.",
      });
    case "press": {
      const speaking = await meet(deps, read, reading);
      const { outcome } = await deps.interactions.interact({ ...reading.event, ...speaking }, signal);
      return invokeResponse(200, "application/vnd.microsoft.activity.message", outcomeText(outcome));
    }
    case "event": {
      const { event, isAddressed } = reading;
      if (!isAddressed && !(await deps.participation.takesPartIn(event.conversation))) return { status: 200 };
      const speaking = await meet(deps, read, reading);
      await deps.sink.accept({ ...event, ...speaking }, signal);
      return { status: 200 };
    }
    case "reactions": {
      for (const event of reading.events) {
        if (!(await deps.participation.takesPartIn(event.conversation))) continue;
        const speaking = await meet(deps, read, { event, from: reading.from });
        await deps.sink.accept({ ...event, ...speaking }, signal);
      }
      return { status: 200 };
    }
    default:
      return assertNever(reading);
  }
}

interface Met {
  readonly event: { readonly conversation: { readonly installationId: string; readonly key: string } };
  readonly from: TeamsAccount;
}

/** Keeps where the conversation is reached, and finds out who speaks there. */
async function meet(
  { known, authors, people }: MessagesRouteDeps,
  read: Read,
  { event, from }: Met,
): Promise<Speaking> {
  const { installationId, key } = event.conversation;
  const address = addressOf(read, key);
  const roster = { ...address, conversationId: rosterOf(read.activity) };
  const [speaking] = await Promise.all([
    toSpeaking({ from, conversationId: key, roster }, authors, people),
    known.remember(installationId, address),
  ]);
  return speaking;
}

function addressOf({ activity, tenantId }: Read, conversationId: string): TeamsAddress {
  const type = activity.conversation?.conversationType;
  return {
    serviceUrl: activity.serviceUrl,
    conversationId,
    type: type === "personal" || type === "groupChat" ? type : "channel",
    tenantId,
    botId: activity.recipient?.id ?? "",
  };
}

/** Only what the token is checked against. */
function toLibrary({ type, channelId, serviceUrl }: InboundActivity): OutgoingActivity {
  return { type, channelId: channelId ?? "", serviceUrl: serviceUrl ?? "" };
}

/** The keys that tokens are checked with could not be had: says nothing about the token. */
function isMetadataFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === "FetchError" || ("statusCode" in error && error.statusCode === 500);
}

function invokeResponse(statusCode: number, type: string, value: unknown): HttpResponse {
  return {
    status: 200,
    headers: { "content-type": "application/json; charset=utf-8" },
    body: JSON.stringify({ statusCode, type, value }),
  };
}

function refuse({ logger }: MessagesRouteDeps, status: number, code: string): HttpResponse {
  logger.warn("teams request refused", { platform: "teams", code, state: status });
  return { status };
}

function unavailable({ logger }: MessagesRouteDeps, code: string): HttpResponse {
  logger.error("teams request not taken", { platform: "teams", code });
  return { status: 503, headers: { "retry-after": "1" } };
}
