import type { FakeState } from "./call.js";
import { answeredJson, type Attempt, type Courier } from "./courier.js";
import { objectAt, objectsAt, textAt, type Json, type JsonObject } from "./json.js";
import { messagePayload, shownBlocks } from "./message-payload.js";
import type { Channel, Message, Person, Team } from "./model.js";
import type { ResponseUrls } from "./response-urls.js";
import { checkView } from "./block-kit.js";
import { viewValues } from "./view-values.js";

export interface InteractionParts {
  readonly state: FakeState;
  readonly courier: Courier;
  readonly responseUrls: ResponseUrls;
  readonly origin: string;
}

/** Something under a message that can be pressed. */
interface Pressable {
  readonly blockId: string;
  readonly element: JsonObject;
  readonly label: string;
  readonly value: Json | undefined;
}

/** What people do with commands, buttons and forms: the app must answer within three seconds. */
export class Interactions {
  readonly #parts: InteractionParts;

  constructor(parts: InteractionParts) {
    this.#parts = parts;
  }

  /** Types a slash command, for example `/deskhand ask When do you open?`. Resolves with the app's acknowledgement. */
  async slash(who: string, where: string, line: string): Promise<Attempt> {
    const { state, courier, responseUrls } = this.#parts;
    const person = state.workspace.person(who);
    const channel = state.workspace.channel(where);
    const team = state.workspace.teamFor(person, channel);
    const [command = "", ...words] = line.split(" ");
    const delivery = courier.deliver({
      kind: "slash_commands",
      payload: {
        token: "verification-token-that-nobody-should-use",
        team_id: team.id,
        team_domain: team.name.toLowerCase(),
        channel_id: channel.id,
        channel_name: channel.kind === "im" ? "directmessage" : channel.name,
        user_id: person.id,
        user_name: person.handle,
        command,
        text: words.join(" "),
        api_app_id: state.appId,
        is_enterprise_install: "false",
        response_url: this.#responseUrl(team, channel, person, null),
        trigger_id: state.triggers.create(person.id),
      },
    });
    const attempt = await delivery.outcome;
    const answer = answeredJson(attempt) ?? { text: attempt.answer };
    if (!attempt.isAcknowledged) {
      const text = `${command} failed with the error "${attempt.reason === "http_error" ? "dispatch_failed" : "operation_timeout"}"`;
      responseUrls.show({ team, channel, userId: person.id, original: null }, { text });
    } else if (textAt(answer, "text") !== "" || objectsAt(answer, "blocks").length > 0) {
      responseUrls.show({ team, channel, userId: person.id, original: null }, answer);
    }
    return attempt;
  }

  /** Presses what is called `label` (what it says, or its action id) under a message. */
  async press(who: string, where: { readonly channel: string; readonly ts: string }, label: string): Promise<Attempt> {
    const { state, courier } = this.#parts;
    const person = state.workspace.person(who);
    const channel = state.workspace.channel(where.channel);
    const message = state.workspace.message(channel.id, where.ts);
    const team = state.workspace.teamFor(person, channel);
    const pressed = findPressable(message, label);
    const isEphemeral = message.ephemeralTo !== null;
    const thread = message.threadTs === null ? {} : { thread_ts: message.threadTs };
    const delivery = courier.deliver({
      kind: "interactive",
      payload: {
        type: "block_actions",
        ...this.#who(person, team),
        container: {
          type: "message",
          message_ts: message.ts,
          channel_id: channel.id,
          is_ephemeral: isEphemeral,
          ...thread,
        },
        trigger_id: state.triggers.create(person.id),
        channel: { id: channel.id, name: channel.kind === "im" ? "directmessage" : channel.name },
        ...(isEphemeral ? {} : { message: messagePayload(message, state.appId, { withMetadata: true }) }),
        state: { values: {} },
        response_url: this.#responseUrl(team, channel, person, message),
        actions: [action(pressed, state.clock.timestamp())],
      },
    });
    return delivery.outcome;
  }

  /** Sends the form the person looks at. `values` by label, action id or block id. */
  async submitView(who: string, values: Readonly<Record<string, string>>): Promise<Attempt> {
    const person = this.#parts.state.workspace.person(who);
    const view = this.#viewOf(person);
    const submitted = { ...view, state: { values: viewValues(view, values) } };
    const attempt = await this.#deliverView(person, { type: "view_submission", view: submitted, response_urls: [] });
    if (attempt.isAcknowledged) {
      this.#afterSubmission(person, submitted, answeredJson(attempt) ?? {});
    }
    return attempt;
  }

  /** Closes the form without sending it. Null when the app did not want to know. */
  async closeView(who: string): Promise<Attempt | null> {
    const person = this.#parts.state.workspace.person(who);
    const view = this.#viewOf(person);
    this.#parts.state.views.delete(person.id);
    return view["notify_on_close"] === true
      ? this.#deliverView(person, { type: "view_closed", view, is_cleared: false })
      : null;
  }

  #deliverView(person: Person, what: JsonObject): Promise<Attempt> {
    const { state, courier } = this.#parts;
    const team = state.workspace.team(textAt(objectAt(what, "view") ?? {}, "team_id"));
    const trigger = state.triggers.create(person.id);
    return courier.deliver({
      kind: "interactive",
      payload: { ...what, ...this.#who(person, team), trigger_id: trigger },
    }).outcome;
  }

  #afterSubmission(person: Person, view: JsonObject, answer: JsonObject): void {
    const { views } = this.#parts.state;
    const responseAction = answer["response_action"];
    if (responseAction === "errors") {
      views.set(person.id, { ...view, errors: objectAt(answer, "errors") ?? {} });
    } else if (responseAction === "update" || responseAction === "push") {
      views.set(person.id, { ...view, ...checkView(objectAt(answer, "view") ?? {}) });
    } else if (responseAction === undefined || responseAction === "clear") {
      views.delete(person.id);
    } else {
      throw new Error(`Slack knows no response_action ${JSON.stringify(responseAction)}`);
    }
  }

  #viewOf(person: Person): JsonObject {
    const view = this.#parts.state.views.get(person.id);
    if (view === undefined) {
      throw new Error(`${person.name} looks at no form`);
    }
    return view;
  }

  #who(person: Person, team: Team): JsonObject {
    return {
      user: { id: person.id, username: person.handle, name: person.handle, team_id: person.teamId },
      api_app_id: this.#parts.state.appId,
      token: "verification-token-that-nobody-should-use",
      team: { id: team.id, domain: team.name.toLowerCase() },
      enterprise: null,
      is_enterprise_install: false,
    };
  }

  #responseUrl(team: Team, channel: Channel, person: Person, original: Message | null): string {
    return `${this.#parts.origin}${this.#parts.responseUrls.grant(team, channel, person.id, original)}`;
  }
}

/** Everything under a message that can be pressed. */
function pressables(message: Message): readonly Pressable[] {
  return shownBlocks(message).flatMap((block) => {
    const elements = [
      ...objectsAt(block, "elements"),
      ...[objectAt(block, "accessory")].filter((found) => found !== null),
    ];
    return elements.flatMap((element) => pressablesOf(element, textAt(block, "block_id")));
  });
}

function pressablesOf(element: JsonObject, blockId: string): Pressable[] {
  if (element["type"] === "button" || element["type"] === "icon_button") {
    return [{ blockId, element, label: textAt(objectAt(element, "text") ?? {}, "text"), value: element["value"] }];
  }
  if (element["type"] === "feedback_buttons") {
    return ["positive_button", "negative_button"].map((side) => {
      const half = objectAt(element, side) ?? {};
      return { blockId, element, label: textAt(objectAt(half, "text") ?? {}, "text"), value: half["value"] };
    });
  }
  return [];
}

function findPressable(message: Message, label: string): Pressable {
  const all = pressables(message);
  const byLabel = all.filter((one) => one.label === label);
  const found = byLabel.length > 0 ? byLabel : all.filter((one) => textAt(one.element, "action_id") === label);
  const [only] = found;
  if (only === undefined || found.length > 1) {
    const labels = all.map((one) => one.label).join(", ");
    throw new Error(`${found.length} things are called ${label} under this message; there are: ${labels}`);
  }
  return only;
}

function action(pressed: Pressable, at: string): JsonObject {
  const { element } = pressed;
  return {
    type: element["type"],
    action_id: element["action_id"] ?? "generated",
    block_id: pressed.blockId,
    ...(element["text"] === undefined ? {} : { text: element["text"] }),
    ...(pressed.value === undefined ? {} : { value: pressed.value }),
    ...(element["style"] === undefined ? {} : { style: element["style"] }),
    action_ts: at,
  };
}
