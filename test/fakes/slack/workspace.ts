import type { Channel, Message, Person, Team } from "./model.js";
import { createWorkspace, type WorkspaceOptions } from "./workspace-options.js";

/** Everybody and everything in the workspaces in which the app is installed. */
export class Workspace {
  readonly teams = new Map<string, Team>();
  readonly people = new Map<string, Person>();
  readonly channels = new Map<string, Channel>();
  readonly ephemerals: Message[] = [];

  constructor(options: readonly WorkspaceOptions[]) {
    for (const one of options) {
      createWorkspace(one, this);
    }
  }

  team(id: string): Team {
    return known(this.teams.get(id), `workspace ${id}`);
  }

  /** By id, handle or name. */
  person(who: string): Person {
    return known(
      this.people.get(who) ?? byName(this.people, who, (person) => [person.handle, person.name]),
      `person ${who}`,
    );
  }

  /** By id or name. */
  channel(which: string): Channel {
    return known(
      this.channels.get(which) ?? byName(this.channels, which, (channel) => [channel.name]),
      `channel ${which}`,
    );
  }

  message(channelId: string, ts: string): Message {
    const ephemeral = this.ephemerals.find((message) => message.channelId === channelId && message.ts === ts);
    return known(this.channel(channelId).messages.get(ts) ?? ephemeral, `message ${ts}`);
  }

  /** The direct conversation between the app and a person; it is there from the first time on. */
  directChannel(team: Team, person: Person): Channel {
    const id = `D${team.id.slice(1)}${person.id.slice(1)}`;
    const existing = this.channels.get(id);
    if (existing !== undefined) {
      return existing;
    }
    const channel: Channel = {
      id,
      teamIds: [team.id],
      name: `dm-${person.handle}`,
      kind: "im",
      members: new Set([person.id, team.botUserId]),
      isShared: person.teamId !== team.id,
      isArchived: false,
      messages: new Map(),
    };
    this.channels.set(id, channel);
    return channel;
  }

  /** The workspace in which a person talks to the app alone: their own, or the first one for somebody from elsewhere. */
  homeOf(person: Person): Team {
    return known(this.teams.get(person.teamId) ?? [...this.teams.values()][0], `workspace of ${person.name}`);
  }

  /** The workspace through which a person meets the app in this channel. */
  teamFor(person: Person, channel: Channel): Team {
    const own = channel.teamIds.includes(person.teamId) ? this.teams.get(person.teamId) : undefined;
    return (
      own ??
      known(
        channel.teamIds.map((id) => this.teams.get(id)).find((team) => team !== undefined),
        channel.id,
      )
    );
  }
}

function byName<T>(all: ReadonlyMap<string, T>, name: string, names: (entry: T) => readonly string[]): T | undefined {
  return [...all.values()].find((entry) => names(entry).includes(name));
}

function known<T>(found: T | undefined, what: string): T {
  if (found === undefined) {
    throw new Error(`The fake Slack knows no ${what}`);
  }
  return found;
}
