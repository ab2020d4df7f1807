import {
  CloudAdapter,
  ConfigurationBotFrameworkAuthentication,
  ConfigurationServiceClientCredentialFactory,
  type Activity,
  type ConfigurationBotFrameworkAuthenticationOptions,
  type TurnContext,
} from "botbuilder";
import { ServiceClientCredentialsFactory } from "botframework-connector";
import { ConnectorClient, ConnectorMappers } from "botframework-connector/lib/connectorApi/connectorClient.js";
import { ChatPlatformError } from "../../src/ports/chat.js";
import { orAbort } from "../../src/ports/or-abort.js";
import { startTimeLimit } from "../../src/ports/time-limit.js";
import type { TeamsAddress } from "./address.js";
import { toChatPlatformError } from "./platform-error.js";

export type TeamsAppType = "SingleTenant" | "MultiTenant" | "UserAssignedMsi";

/** Who the bot is to Microsoft. */
export interface TeamsIdentity {
  readonly appId: string;
  /** Null with a managed identity. */
  readonly appPassword: string | null;
  readonly appType: TeamsAppType;
  readonly appTenantId: string | null;
}

/** Another cloud, or another issuer: botbuilder takes these all together or not at all. */
export interface TeamsEndpoints {
  readonly loginUrl: string;
  readonly oAuthScope: string;
  readonly tokenIssuer: string;
  readonly oAuthUrl: string;
  readonly openIdMetadataUrl: string;
  readonly emulatorOpenIdMetadataUrl: string;
  readonly callerId: string;
  /** Makes the tokens of outgoing calls; null for the identity's own. */
  readonly credentials: TeamsCredentials | null;
}

/** Says which app ids are the bot's, and signs outgoing calls. */
export type TeamsCredentials = Pick<ServiceClientCredentialsFactory, "isValidAppId" | "createCredentials">;

/** The issuer of the tokens that Bot Connector sends, in Microsoft's public cloud. */
export const PUBLIC_TOKEN_ISSUER = "https://api.botframework.com";

export type OutgoingActivity = Partial<Activity>;

/** Bot Connector as the adapter uses it. Every method that calls it is one HTTP request, tried once. */
export interface BotConnector {
  /**
   * Verifies the request's token against the activity, and runs `turn` when it holds.
   * @throws the library's error when the token does not hold, and whatever `turn` throws.
   */
  receive(authorization: string, activity: OutgoingActivity, turn: () => Promise<void>): Promise<void>;
  /** Resolves with the activity's id. */
  send(to: TeamsAddress, activity: OutgoingActivity, signal: AbortSignal): Promise<string>;
  update(to: TeamsAddress, activityId: string, activity: OutgoingActivity, signal: AbortSignal): Promise<void>;
  remove(to: TeamsAddress, activityId: string, signal: AbortSignal): Promise<void>;
  /** Reads one of the images that a person put into a message. */
  attachment(
    of: TeamsAddress,
    attachmentId: string,
    view: string,
    signal: AbortSignal,
  ): Promise<AsyncIterable<Uint8Array>>;
  /** Resolves with what Bot Connector tells of a member of a conversation, unread. */
  member(of: TeamsAddress, memberId: string, signal: AbortSignal): Promise<unknown>;
}

const CALL_TIMEOUT_MS = 8_000;

/** What would send a request again, or somewhere else, by itself. */
const POLICIES_THAT_REPEAT = ["defaultRetryPolicy", "redirectPolicy"] as const;

export function createBotConnector(identity: TeamsIdentity, endpoints: TeamsEndpoints | null): BotConnector {
  letEntityFieldsThrough();
  const adapter = new ReceivingAdapter(createAuthentication(identity, endpoints));
  const call = async <T>(
    operation: string,
    to: TeamsAddress,
    signal: AbortSignal,
    work: (client: ConnectorClient, abortSignal: AbortSignal) => Promise<T>,
  ): Promise<T> => {
    signal.throwIfAborted();
    using limit = startTimeLimit(signal, CALL_TIMEOUT_MS);
    const result: { value?: T } = {};
    try {
      await adapter.continueConversationAsync(identity.appId, referenceTo(to), async (context) => {
        result.value = await work(clientThatSendsOnce(context), limit.signal);
      });
    } catch (error) {
      throw toChatPlatformError(error, operation);
    }
    if (!("value" in result)) throw new ChatPlatformError("unreachable", operation);
    return result.value;
  };
  return {
    receive: (authorization, activity, turn) => adapter.receive(authorization, activity, turn),
    send: (to, activity, signal) =>
      call("send", to, signal, async ({ conversations }, abortSignal) => {
        const { id } = await conversations.sendToConversation(to.conversationId, activity, { abortSignal });
        return typeof id === "string" ? id : "";
      }),
    update: (to, activityId, activity, signal) =>
      call("update", to, signal, async ({ conversations }, abortSignal) => {
        await conversations.updateActivity(
          to.conversationId,
          activityId,
          { ...activity, id: activityId },
          { abortSignal },
        );
      }),
    remove: (to, activityId, signal) =>
      call("delete", to, signal, async ({ conversations }, abortSignal) => {
        await conversations.deleteActivity(to.conversationId, activityId, { abortSignal });
      }),
    attachment: (of, attachmentId, view, signal) =>
      call("read attachment", of, signal, async ({ attachments }, abortSignal) => {
        const { readableStreamBody } = await attachments.getAttachment(attachmentId, view, { abortSignal });
        if (!isReadable(readableStreamBody)) throw new ChatPlatformError("not-found", "read attachment");
        return readableStreamBody;
      }),
    member: (of, memberId, signal) =>
      call("look up member", of, signal, ({ conversations }, abortSignal) =>
        conversations.getConversationMember(of.conversationId, memberId, { abortSignal }),
      ),
  };
}

class ReceivingAdapter extends CloudAdapter {
  /** `process` would write errors to the console and to the response; this leaves both to the caller. */
  async receive(authorization: string, activity: OutgoingActivity, turn: () => Promise<void>): Promise<void> {
    // The caller has validated the activity. The library's type asks for fields that Teams does not always send.
    await this.processActivity(authorization, activity as Activity, turn);
  }
}

function createAuthentication(
  { appId, appPassword, appType, appTenantId }: TeamsIdentity,
  endpoints: TeamsEndpoints | null,
): ConfigurationBotFrameworkAuthentication {
  const app = {
    MicrosoftAppId: appId,
    MicrosoftAppType: appType,
    ...(appPassword === null ? {} : { MicrosoftAppPassword: appPassword }),
    ...(appTenantId === null ? {} : { MicrosoftAppTenantId: appTenantId }),
  };
  const credentials: TeamsCredentials = endpoints?.credentials ?? new ConfigurationServiceClientCredentialFactory(app);
  return new ConfigurationBotFrameworkAuthentication(
    { ...app, ...endpointSettings(endpoints) },
    new CertainCredentials(appId, credentials),
  );
}

function endpointSettings(endpoints: TeamsEndpoints | null): ConfigurationBotFrameworkAuthenticationOptions {
  if (endpoints === null) return {};
  return {
    ValidateAuthority: true,
    ToChannelFromBotLoginUrl: endpoints.loginUrl,
    ToChannelFromBotOAuthScope: endpoints.oAuthScope,
    ToBotFromChannelTokenIssuer: endpoints.tokenIssuer,
    OAuthUrl: endpoints.oAuthUrl,
    ToBotFromChannelOpenIdMetadataUrl: endpoints.openIdMetadataUrl,
    ToBotFromEmulatorOpenIdMetadataUrl: endpoints.emulatorOpenIdMetadataUrl,
    CallerId: endpoints.callerId,
  };
}

/** A call whose token could not be had was never made: it is known not to have been posted, and may be tried again. */
class CertainCredentials extends ServiceClientCredentialsFactory {
  readonly #appId: string;
  readonly #inner: TeamsCredentials;

  constructor(appId: string, inner: TeamsCredentials) {
    super();
    this.#appId = appId;
    this.#inner = inner;
  }

  override async isValidAppId(appId: string): Promise<boolean> {
    return appId === this.#appId && (await this.#inner.isValidAppId(appId));
  }

  /** Never: the library would then let everybody in. */
  override isAuthenticationDisabled(): Promise<boolean> {
    return Promise.resolve(false);
  }

  override async createCredentials(appId: string, audience: string | undefined, loginUrl: string, validate: boolean) {
    const inner = await this.#inner.createCredentials(appId, audience, loginUrl, validate);
    const signRequest: typeof inner.signRequest = async (request) => {
      try {
        return await orAbort(inner.signRequest(request), AbortSignal.timeout(CALL_TIMEOUT_MS));
      } catch (error) {
        throw new ChatPlatformError("rate-limited", "sign in", { cause: error });
      }
    };
    return { signRequest };
  }
}

function referenceTo(to: TeamsAddress) {
  return {
    bot: { id: to.botId, name: "" },
    conversation: {
      id: to.conversationId,
      conversationType: to.type,
      isGroup: to.type !== "personal",
      name: "",
      tenantId: to.tenantId,
    },
    channelId: "msteams",
    serviceUrl: to.serviceUrl,
  };
}

// The connector's pipeline repeats a request up to three times after a 5xx, a 429 or a cut connection, and no option
// turns it off: a message whose answer got lost would be shown four times. It also follows redirects with the bot's token.
function clientThatSendsOnce(context: TurnContext): ConnectorClient {
  const client: unknown = context.turnState.get(context.adapter.ConnectorClientKey);
  if (!(client instanceof ConnectorClient)) throw new ChatPlatformError("rejected", "connect");
  const pipeline = pipelineOf(client);
  for (const name of POLICIES_THAT_REPEAT) pipeline.removePolicy({ name });
  return client;
}

function isReadable(value: unknown): value is AsyncIterable<Uint8Array> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}

interface Pipeline {
  removePolicy(options: { name: string }): readonly unknown[];
}

function pipelineOf(client: ConnectorClient): Pipeline {
  const inner: unknown = Reflect.get(client, "client");
  const pipeline: unknown = typeof inner === "object" && inner !== null ? Reflect.get(inner, "pipeline") : null;
  if (!isPipeline(pipeline)) throw new ChatPlatformError("rejected", "connect");
  return pipeline;
}

function isPipeline(value: unknown): value is Pipeline {
  return typeof value === "object" && value !== null && "removePolicy" in value;
}

/**
 * botframework-connector 4.23.3 sends an entity's type and text and drops all else, which takes streams, citations and
 * the AI label away (botbuilder-js issue 4902). Its mapper is told to pass everything on.
 */
function letEntityFieldsThrough(): void {
  const entity: { type: { additionalProperties?: object } } = ConnectorMappers.Entity;
  entity.type.additionalProperties = { type: { name: "Object" } };
}
