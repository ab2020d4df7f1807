import { checkArguments } from "./arguments.js";
import type { FakeState, MethodHandler } from "./call.js";
import { CHAT_METHODS } from "./chat-methods.js";
import { CONVERSATION_METHODS } from "./conversation-methods.js";
import { FILE_METHODS } from "./file-methods.js";
import { textAt, type JsonObject } from "./json.js";
import { METHODS, type MethodContract } from "./methods.js";
import type { Team } from "./model.js";
import { OTHER_METHODS } from "./other-methods.js";
import { RateLimits } from "./rate-limits.js";
import { refusalWith, SlackRefusal } from "./refusal.js";
import { STREAM_METHODS } from "./stream-methods.js";

export interface WebApiOptions {
  readonly appToken: string;
  readonly appScopes: ReadonlySet<string>;
  readonly enforcesRateLimits: boolean;
  /** Without it the streaming methods are unknown, as in some editions of Slack. */
  readonly hasStreaming: boolean;
  issueSocketAddress(): string;
}

export interface ApiRequest {
  readonly method: string;
  readonly authorization: string | null;
  /** Null when the body could not be read. */
  readonly given: JsonObject | null;
  readonly isForm: boolean;
}

export type ApiAnswer =
  | { readonly kind: "answer"; readonly body: JsonObject }
  | { readonly kind: "rate-limited"; readonly retryAfterSeconds: number };

/** A call as it came in, and what became of it. */
export interface RecordedCall {
  readonly method: string;
  readonly args: JsonObject;
  /** `ok`, or the error. */
  readonly outcome: string;
}

const HANDLERS: Readonly<Record<string, MethodHandler>> = {
  ...CHAT_METHODS,
  ...STREAM_METHODS,
  ...CONVERSATION_METHODS,
  ...OTHER_METHODS,
  ...FILE_METHODS,
};

/** Checks a call as strictly as Slack documents it, and does it. */
export class WebApi {
  readonly calls: RecordedCall[] = [];
  readonly #state: FakeState;
  readonly #options: WebApiOptions;
  readonly #rateLimits: RateLimits;

  constructor(state: FakeState, options: WebApiOptions) {
    this.#state = state;
    this.#options = options;
    this.#rateLimits = new RateLimits(state.clock);
  }

  answer(request: ApiRequest): ApiAnswer {
    try {
      const answer = this.#dispatch(request);
      this.note(request, answer.kind === "answer" ? "ok" : "ratelimited");
      return answer;
    } catch (error) {
      if (!(error instanceof SlackRefusal)) {
        throw error;
      }
      this.note(request, error.code);
      return { kind: "answer", body: { ok: false, error: error.code, ...error.details } };
    }
  }

  note(request: ApiRequest, outcome: string): void {
    const args = { ...request.given, token: undefined };
    this.calls.push({ method: request.method, args, outcome });
  }

  #dispatch(request: ApiRequest): ApiAnswer {
    const contract = METHODS[request.method];
    if (contract === undefined || (!this.#options.hasStreaming && request.method in STREAM_METHODS)) {
      throw new SlackRefusal("unknown_method", { req_method: request.method });
    }
    const token = tokenOf(request);
    if (request.given === null) {
      throw new SlackRefusal("invalid_post_type");
    }
    if (contract.scope.kind === "app") {
      return this.#openConnection(token, contract.scope.scope, contract, request);
    }
    const team = this.#teamOf(token);
    this.#refuseOtherTeam(request.given, team);
    const args = checkArguments(contract, request.given, request.isForm);
    this.#refuseWithoutScope(contract, team, args);
    const channelId = textAt(args, "channel");
    const seconds = this.#options.enforcesRateLimits
      ? this.#rateLimits.secondsToWait(request.method, contract, team.id, channelId)
      : null;
    if (seconds !== null) {
      return { kind: "rate-limited", retryAfterSeconds: seconds };
    }
    const handler = HANDLERS[request.method];
    if (handler === undefined) {
      throw new Error(`No handler for ${request.method}`);
    }
    return { kind: "answer", body: { ok: true, ...handler({ team, args, state: this.#state }) } };
  }

  #openConnection(token: string, scope: string, contract: MethodContract, request: ApiRequest): ApiAnswer {
    if (token !== this.#options.appToken) {
      const isBotToken = [...this.#state.workspace.teams.values()].some((team) => team.botToken === token);
      throw new SlackRefusal(isBotToken ? "not_allowed_token_type" : "invalid_auth");
    }
    checkArguments(contract, request.given ?? {}, request.isForm);
    if (!this.#options.appScopes.has(scope)) {
      throw missingScope(scope, this.#options.appScopes);
    }
    return { kind: "answer", body: { ok: true, url: this.#options.issueSocketAddress() } };
  }

  #teamOf(token: string): Team {
    if (token === this.#options.appToken) {
      throw new SlackRefusal("not_allowed_token_type");
    }
    const team = [...this.#state.workspace.teams.values()].find((one) => one.botToken === token);
    if (team === undefined) {
      throw new SlackRefusal("invalid_auth");
    }
    if (!team.installed) {
      throw new SlackRefusal("account_inactive");
    }
    return team;
  }

  #refuseOtherTeam(given: JsonObject, team: Team): void {
    const teamId = given["team_id"];
    if (teamId !== undefined && teamId !== team.id) {
      throw refusalWith("invalid_arguments", ["team_id is not the workspace of this token"]);
    }
  }

  #refuseWithoutScope(contract: MethodContract, team: Team, args: JsonObject): void {
    const rule = contract.scope;
    if (rule.kind === "bot" && !team.scopes.has(rule.scope)) {
      throw missingScope(rule.scope, team.scopes);
    }
    if (rule.kind === "by-channel") {
      const channel = this.#state.workspace.channels.get(textAt(args, "channel"));
      const needed = channel === undefined ? Object.values(rule.scopes) : [rule.scopes[channel.kind]];
      if (!needed.some((scope) => team.scopes.has(scope))) {
        throw missingScope(needed.join(","), team.scopes);
      }
    }
  }
}

function tokenOf(request: ApiRequest): string {
  const inHeader = /^Bearer (.+)$/u.exec(request.authorization ?? "")?.[1];
  const token = inHeader ?? textAt(request.given ?? {}, "token");
  if (token === "") {
    throw new SlackRefusal("not_authed");
  }
  return token;
}

function missingScope(needed: string, provided: ReadonlySet<string>): SlackRefusal {
  return new SlackRefusal("missing_scope", { needed, provided: [...provided].join(",") });
}
