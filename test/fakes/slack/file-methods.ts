import { randomBytes } from "node:crypto";
import { checkMessageBlocks } from "./block-kit.js";
import {
  textArgument,
  threadArgument,
  visibleChannel,
  writableChannel,
  type MethodCall,
  type MethodHandler,
} from "./call.js";
import { newMessage, publish } from "./chat-methods.js";
import { filePayload } from "./file-shelf.js";
import { isList, isObject, parseJson, textAt, type JsonObject } from "./json.js";
import type { SharedFile } from "./model.js";
import { refusalWith, SlackRefusal } from "./refusal.js";

const getUploadUrl: MethodHandler = ({ args, state, team }) => {
  const length = args["length"];
  if (typeof length !== "number" || length <= 0) throw new SlackRefusal("missing_argument");
  const name = textAt(args, "filename");
  const file = state.files.add({ name, mediaType: "", length, ownerId: team.botUserId, bytes: null });
  const ticket = randomBytes(12).toString("hex");
  state.files.tickets.set(ticket, file);
  return { upload_url: `${state.files.origin}/files/upload/${ticket}`, file_id: file.id };
};

const completeUpload: MethodHandler = (call) => {
  const { args, state, team } = call;
  const named = isList(args["files"]) ? args["files"] : [];
  const files = named.map((one) => {
    if (!isObject(one)) throw refusalWith("invalid_arguments", ["files takes objects with an id"]);
    const file = state.files.files.get(textAt(one, "id"));
    const isReady = file?.bytes !== null && file?.ownerId === team.botUserId && file.shares.size === 0;
    if (file === undefined || !isReady) throw new SlackRefusal("file_not_found");
    return file;
  });
  if (textArgument(call, "channel_id") !== null) share(call, files);
  return { files: files.map(({ id, name }) => ({ id, title: name })) };
};

function share(call: MethodCall, files: readonly SharedFile[]): void {
  const channel = writableChannel(call, visibleChannel(call, "channel_id"));
  const threadTs = threadArgument(call, channel);
  const given = parseJson(textArgument(call, "blocks") ?? "[]");
  const blocks = isList(given) ? checkMessageBlocks(given.filter(isObject)) : [];
  const content = { text: textArgument(call, "initial_comment") ?? "", blocks, threadTs };
  const message = { ...newMessage(call, channel, { ...content, metadata: null, ephemeralTo: null }), files };
  for (const file of files) file.shares.set(channel.id, [...(file.shares.get(channel.id) ?? []), message.ts]);
  publish(call, channel, { ...message, subtype: "file_share" });
}

const info: MethodHandler = (call) => {
  const { state } = call;
  const file = known(call);
  const entries = [...file.shares].map(([channel, all]) => [channel, all.map((ts) => ({ ts }))] as const);
  const isPrivate = (channel: string): boolean => state.workspace.channel(channel).kind !== "public";
  const shares: JsonObject = {
    public: Object.fromEntries(entries.filter(([channel]) => !isPrivate(channel))),
    private: Object.fromEntries(entries.filter(([channel]) => isPrivate(channel))),
  };
  const download = `${state.files.origin}/files/pri/${file.id}`;
  return { file: { ...filePayload(file), url_private: download, url_private_download: download, shares } };
};

const remove: MethodHandler = (call) => {
  const file = known(call);
  if (file.ownerId !== call.team.botUserId) throw new SlackRefusal("cant_delete_file");
  for (const [channelId, all] of file.shares) {
    const channel = call.state.workspace.channel(channelId);
    for (const ts of all) channel.messages.delete(ts);
  }
  call.state.files.files.delete(file.id);
  return {};
};

function known(call: MethodCall): SharedFile {
  const file = call.state.files.files.get(textArgument(call, "file") ?? "");
  if (file === undefined) throw new SlackRefusal("file_not_found");
  return file;
}

export const FILE_METHODS: Readonly<Record<string, MethodHandler>> = {
  "files.getUploadURLExternal": getUploadUrl,
  "files.completeUploadExternal": completeUpload,
  "files.info": info,
  "files.delete": remove,
};
