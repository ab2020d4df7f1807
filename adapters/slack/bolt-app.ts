import { App, HTTPReceiver, SocketModeReceiver, type Receiver } from "@slack/bolt";
import { DeskhandError, errorCode } from "../../src/ports/errors.js";
import type { Logger } from "../../src/ports/logger.js";
import { createBoltLogger } from "./bolt-logger.js";
import { EVENTS_PATH } from "./events-route.js";
import type { SlackIdentity } from "./identity.js";
import type { CommandReply, SlackIntake } from "./inbound/intake.js";
import { webClientOptions } from "./slack-api.js";

export interface BoltDeps {
  readonly botToken: string;
  readonly apiUrl: string | undefined;
  readonly logger: Logger;
  /** Who we are, or null while Slack has not told: then nothing is taken in, and Slack tries again. */
  readonly identity: () => SlackIdentity | null;
  readonly intake: SlackIntake;
}

/** Work behind one request must be over before the platform gives up on it. */
const WORK_WITHIN_MS = 2_300;

class NotReadyError extends DeskhandError {
  override readonly name = "NotReadyError";
  readonly code = "slack-not-ready";
  readonly isRetryable = true;
}

/** Bolt's receiver for requests that come over HTTP. It answers after the work: 200 only for what was stored. */
export function createHttpReceiver(deps: BoltDeps, signingSecret: string): HTTPReceiver {
  const receiver = new HTTPReceiver({
    signingSecret,
    endpoints: [EVENTS_PATH],
    processBeforeResponse: true,
    // Done before, over the same bytes, and more strictly: Bolt takes any time in the future.
    signatureVerification: false,
    logger: createBoltLogger(deps.logger),
    processEventErrorHandler: ({ error, response }) => {
      deps.logger.warn("slack event not taken in", { code: codeOf(error) });
      if (!response.headersSent) response.writeHead(503).end();
      return Promise.resolve(false);
    },
  });
  createApp(deps, receiver);
  return receiver;
}

/** Bolt's receiver for Socket Mode, without its reconnecting: what fails there would end the process. */
export function createSocketReceiver(deps: BoltDeps, appToken: string): SocketModeReceiver {
  const receiver = new SocketModeReceiver({
    appToken,
    logger: createBoltLogger(deps.logger),
    autoReconnectEnabled: false,
    installerOptions: { clientOptions: webClientOptions(deps.apiUrl, deps.logger) },
    processEventErrorHandler: ({ error }) => {
      deps.logger.warn("slack event not taken in", { code: codeOf(error) });
      return Promise.resolve(false);
    },
  });
  deferAcknowledgement(createApp(deps, receiver));
  return receiver;
}

function createApp(deps: BoltDeps, receiver: Receiver): App {
  const current = (): SlackIdentity => {
    const identity = deps.identity();
    if (identity === null) throw new NotReadyError("Slack has not told yet who the bot is");
    return identity;
  };
  const app = new App({
    receiver,
    logger: createBoltLogger(deps.logger),
    clientOptions: webClientOptions(deps.apiUrl, deps.logger),
    ignoreSelf: false,
    convoStore: false,
    authorize: async () => {
      const { botUserId, botId, teamId } = await Promise.resolve(current());
      return { botToken: deps.botToken, botUserId, teamId, ...(botId === null ? {} : { botId }) };
    },
  });
  // Bolt would acknowledge what failed here.
  app.error((error) => Promise.reject(error));
  listen(app, deps.intake, current);
  return app;
}

function listen(app: App, intake: SlackIntake, current: () => SlackIdentity): void {
  const inTime = (): AbortSignal => AbortSignal.timeout(WORK_WITHIN_MS);
  // As middleware, and not as one listener of many: Bolt tries every listener on every event, and events come in crowds.
  app.use(async (args) => {
    if (!("event" in args)) return args.next();
    const { event, body } = args;
    if (event.type === "reaction_added" || event.type === "reaction_removed") {
      await intake.reaction(body, event, current(), inTime());
    } else if (event.type === "message" || event.type === "app_mention") {
      await intake.message(body, event, current(), inTime());
    }
  });
  app.command(/.*/u, async ({ body, ack }) => {
    await ack(ephemeral(await intake.command(body, current(), inTime())));
  });
  app.action(/.*/u, async ({ body, ack }) => {
    await intake.action(body, current(), inTime());
    await ack();
  });
  app.view({ type: "view_submission", callback_id: /.*/u }, async ({ body, ack }) => {
    const errors = await intake.view(body, current(), inTime());
    await (errors === null ? ack() : ack({ response_action: "errors", errors: { ...errors } }));
  });
  app.view({ type: "view_closed", callback_id: /.*/u }, ({ ack }) => ack());
  app.shortcut(/.*/u, ({ ack }) => ack());
}

function ephemeral({ text }: CommandReply) {
  return { response_type: "ephemeral" as const, text };
}

/**
 * Over Socket Mode Bolt acknowledges an event before anybody has seen it. The acknowledgement is kept back until the
 * listeners are done, and not sent at all when one of them failed.
 */
function deferAcknowledgement(app: App): void {
  const processEvent = app.processEvent.bind(app);
  app.processEvent = async (event) => {
    if (event.body["type"] !== "event_callback") return processEvent(event);
    const acknowledged: true[] = [];
    await processEvent({
      ...event,
      ack: () => {
        acknowledged.push(true);
        return Promise.resolve();
      },
    });
    if (acknowledged.length > 0) await event.ack();
  };
}

/** Bolt wraps what a listener threw. */
function codeOf(error: unknown): string {
  if (typeof error === "object" && error !== null && "original" in error) return errorCode(error.original);
  return errorCode(error);
}
