import { checkView } from "./block-kit.js";
import { isTimestamp, messageOf, statusKey, textArgument, visibleChannel, type MethodHandler } from "./call.js";
import { isList, isObject } from "./json.js";
import { personPayload } from "./message-payload.js";
import { refusalWith, SlackRefusal } from "./refusal.js";

const testAuth: MethodHandler = ({ team, state }) => ({
  url: `https://${team.name.toLowerCase()}.slack.test/`,
  team: team.name,
  user: state.workspace.person(team.botUserId).handle,
  team_id: team.id,
  user_id: team.botUserId,
  bot_id: team.botId,
  is_enterprise_install: false,
});

const userInfo: MethodHandler = (call) => {
  const person = call.state.workspace.people.get(textArgument(call, "user") ?? "");
  if (person === undefined) {
    throw new SlackRefusal("user_not_found");
  }
  return { user: personPayload(person, call.team.scopes.has("users:read.email")) };
};

/** About others only whether they are there; more is told of oneself alone. */
const userPresence: MethodHandler = (call) => {
  const person = call.state.workspace.people.get(textArgument(call, "user") ?? call.team.botUserId);
  if (person === undefined) {
    throw new SlackRefusal("user_not_found");
  }
  return { presence: call.state.away.has(person.id) ? "away" : "active" };
};

const openView: MethodHandler = (call) => {
  const given = call.args["view"];
  const view = checkView(isObject(given) ? given : {});
  const userId = call.state.triggers.use(textArgument(call, "trigger_id") ?? "");
  const ts = call.state.clock.timestamp().replace(".", "");
  const opened = {
    id: `V${ts}`,
    team_id: call.team.id,
    ...view,
    private_metadata: view["private_metadata"] ?? "",
    callback_id: view["callback_id"] ?? "",
    external_id: view["external_id"] ?? "",
    state: { values: {} },
    hash: `${ts}.hash`,
    app_id: call.state.appId,
    bot_id: call.team.botId,
    root_view_id: `V${ts}`,
    previous_view_id: null,
  };
  call.state.views.set(userId, opened);
  return { view: opened };
};

const setStatus: MethodHandler = (call) => {
  const channel = visibleChannel(call, "channel_id");
  const threadTs = textArgument(call, "thread_ts") ?? "";
  if (!isTimestamp(threadTs) || !channel.messages.has(threadTs)) {
    throw new SlackRefusal("invalid_thread_ts");
  }
  const loading = call.args["loading_messages"];
  if (isList(loading) && (loading.length > 10 || loading.some((one) => typeof one !== "string"))) {
    throw refusalWith("invalid_arguments", ["loading_messages takes up to 10 strings"]);
  }
  const text = textArgument(call, "status") ?? "";
  const key = statusKey(channel.id, threadTs);
  call.state.statuses.delete(key);
  if (text !== "") {
    call.state.statuses.set(key, { text, shownAt: call.state.clock.now() });
  }
  return {};
};

const addReaction: MethodHandler = (call) => {
  const channel = visibleChannel(call);
  const ts = textArgument(call, "timestamp") ?? "";
  if (!isTimestamp(ts)) {
    throw new SlackRefusal("bad_timestamp");
  }
  const message = messageOf(channel, ts);
  const name = textArgument(call, "name") ?? "";
  if (!/^[a-z0-9_'+-]+$/u.test(name)) {
    throw new SlackRefusal("invalid_name");
  }
  const users = message.reactions.get(name) ?? new Set<string>();
  if (users.has(call.team.botUserId)) {
    throw new SlackRefusal("already_reacted");
  }
  message.reactions.set(name, users.add(call.team.botUserId));
  return {};
};

export const OTHER_METHODS: Readonly<Record<string, MethodHandler>> = {
  "auth.test": testAuth,
  "users.info": userInfo,
  "users.getPresence": userPresence,
  "views.open": openView,
  "assistant.threads.setStatus": setStatus,
  "reactions.add": addReaction,
};
