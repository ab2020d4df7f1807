import type { Channel, ChannelKind, Message, Person, Team } from "./model.js";

export interface WorkspaceOptions {
  /** Starts with T. */
  readonly id: string;
  readonly name: string;
  readonly botToken: string;
  readonly botUserId?: string;
  readonly botName?: string;
  readonly scopes?: readonly string[];
  /** The events the app asked for. */
  readonly events?: readonly string[];
  readonly people?: readonly PersonOptions[];
  readonly channels?: readonly ChannelOptions[];
}

export interface PersonOptions {
  /** Starts with U. */
  readonly id: string;
  readonly name: string;
  readonly handle?: string;
  readonly email?: string | null;
  readonly isBot?: boolean;
  readonly isGuest?: boolean;
  readonly isDeactivated?: boolean;
  /** Set for somebody from another workspace, met in a shared channel. */
  readonly teamId?: string;
}

export interface ChannelOptions {
  /** Starts with C. */
  readonly id: string;
  readonly name: string;
  readonly kind?: Exclude<ChannelKind, "im">;
  /** Ids of people; everybody of the workspace when absent. */
  readonly members?: readonly string[];
  /** Whether the app was invited. */
  readonly hasApp?: boolean;
  /** Shared with other organisations. Give the same id in two workspaces for one channel that both see. */
  readonly isShared?: boolean;
  readonly isArchived?: boolean;
}

export const BOT_SCOPES = [
  "app_mentions:read",
  "assistant:write",
  "channels:history",
  "channels:read",
  "chat:write",
  "commands",
  "files:read",
  "files:write",
  "groups:history",
  "groups:read",
  "im:history",
  "im:read",
  "im:write",
  "reactions:read",
  "reactions:write",
  "users:read",
  "users:read.email",
] as const;

export const BOT_EVENTS = [
  "app_home_opened",
  "app_mention",
  "app_uninstalled",
  "member_joined_channel",
  "message.channels",
  "message.groups",
  "message.im",
  "reaction_added",
  "reaction_removed",
  "tokens_revoked",
  "agent_session_stopped",
] as const;

/** Anna asks, Ben and Carla help in #agents, Eve is from another company and reads #partners. */
export const DEFAULT_WORKSPACE: WorkspaceOptions = {
  id: "T0ACME",
  name: "Acme",
  botToken: "xoxb-acme",
  people: [
    { id: "U0ANNA", name: "Anna", email: "anna@acme.test" },
    { id: "U0BEN", name: "Ben", email: "ben@acme.test" },
    { id: "U0CARLA", name: "Carla", email: "carla@acme.test" },
    { id: "U0EVE", name: "Eve", teamId: "T0OTHER" },
    { id: "U0ROBOT", name: "Other robot", isBot: true },
  ],
  channels: [
    { id: "C0GENERAL", name: "general", members: ["U0ANNA", "U0BEN", "U0CARLA", "U0ROBOT"] },
    { id: "C0AGENTS", name: "agents", kind: "private", members: ["U0BEN", "U0CARLA"] },
    { id: "C0PARTNERS", name: "partners", isShared: true },
    { id: "C0WITHOUT", name: "without-the-app", hasApp: false },
  ],
};

interface Directory {
  readonly teams: Map<string, Team>;
  readonly people: Map<string, Person>;
  readonly channels: Map<string, Channel>;
}

/** Adds a workspace, its people and its channels. */
export function createWorkspace(options: WorkspaceOptions, directory: Directory): void {
  const team: Team = {
    id: options.id,
    name: options.name,
    botToken: options.botToken,
    botUserId: options.botUserId ?? `U0BOT${options.id.slice(1)}`,
    botId: `B0${options.id.slice(1)}`,
    scopes: new Set(options.scopes ?? BOT_SCOPES),
    events: new Set(options.events ?? BOT_EVENTS),
    installed: true,
  };
  directory.teams.set(team.id, team);
  const botName = options.botName ?? "Deskhand";
  const bot = createPerson({ id: team.botUserId, name: botName, isBot: true }, team);
  const people = (options.people ?? []).map((person) => createPerson(person, team));
  for (const person of [bot, ...people]) {
    directory.people.set(person.id, person);
  }
  for (const channel of options.channels ?? []) {
    addChannel(channel, team, people, directory);
  }
}

function createPerson(options: PersonOptions, team: Team): Person {
  const teamId = options.teamId ?? team.id;
  return {
    id: options.id,
    teamId,
    handle: options.handle ?? options.name.toLowerCase().replaceAll(" ", "."),
    name: options.name,
    email: options.email ?? null,
    isBot: options.isBot ?? false,
    isGuest: options.isGuest ?? false,
    isExternal: teamId !== team.id,
    isDeactivated: options.isDeactivated ?? false,
  };
}

function addChannel(options: ChannelOptions, team: Team, people: readonly Person[], directory: Directory): void {
  const existing = directory.channels.get(options.id);
  const members = options.members ?? people.map((person) => person.id);
  const app = options.hasApp === false ? [] : [team.botUserId];
  directory.channels.set(options.id, {
    id: options.id,
    teamIds: [...(existing?.teamIds ?? []), team.id],
    name: options.name,
    kind: options.kind ?? "public",
    members: new Set([...(existing?.members ?? []), ...members, ...app]),
    isShared: (options.isShared ?? false) || existing !== undefined,
    isArchived: options.isArchived ?? false,
    messages: existing?.messages ?? new Map<string, Message>(),
  });
}
