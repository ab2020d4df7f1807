import { randomUUID } from "node:crypto";
import { createTeamsSurface, type TeamsSurface, type TeamsSurfaceDeps } from "../../../adapters/teams/teams-surface.js";
import { createHttpServer } from "../../../infra/http/http-server.js";
import type {
  Accepted,
  AddressBook,
  ConversationRef,
  EventOutcome,
  InboundEvent,
  OutgoingMessage,
  Speaker,
} from "../../../src/ports/chat.js";
import { systemClock } from "../../../src/ports/clock.js";
import { newId } from "../../../src/ports/ids.js";
import type { Logger } from "../../../src/ports/logger.js";
import { plainReply, type Reply } from "../../../src/ports/reply.js";
import { FakeTeams, type FakeTeamsOptions } from "../../fakes/teams/fake-teams.js";
import { adam, ana, cora, gus } from "../../fakes/teams/people.js";

export const APP_ID = "11111111-2222-4333-8444-555555555555";
export const HOME_TENANT = "99999999-0000-4000-8000-000000000000";
export const OTHER_TENANT = "99999999-0000-4000-8000-000000000001";
export const INSTALLATION = "0199a000-0000-7000-8000-000000000001";
export const SUPPORT = "19:support@thread.tacv2";
export const AGENTS = "19:agents@thread.tacv2";

export const signal = new AbortController().signal;

export interface TeamsHarness extends AsyncDisposable {
  readonly fake: FakeTeams;
  readonly surface: TeamsSurface;
  /** What the core was given, oldest first; an event that came twice is there twice. */
  readonly accepted: readonly InboundEvent[];
  readonly addresses: ReadonlyMap<string, string>;
  readonly addressBook: AddressBook;
  readonly logged: readonly string[];
  /** What the core makes of the next press. */
  outcome: EventOutcome | null;
  /** Threads that the bot takes part in. */
  readonly takesPartIn: Set<string>;
  /** What accepting does instead of storing. */
  failAccept: (() => Promise<never>) | null;
  ref(key: string): ConversationRef;
}

export interface HarnessOptions {
  readonly surface?: Partial<TeamsSurfaceDeps>;
  readonly fake?: Partial<FakeTeamsOptions>;
}

/** The real adapter behind the real HTTP server, against a Teams of its own. */
export async function openTeams(options: HarnessOptions = {}): Promise<TeamsHarness> {
  const fake = await FakeTeams.start({ appId: APP_ID, tenantId: HOME_TENANT, ...options.fake });
  fake.addConversation(SUPPORT, "channel", [cora, ana, adam, gus]);
  fake.addConversation(AGENTS, "channel", [ana, adam, gus]);
  const recorder = new Recorder();
  const surface = createTeamsSurface({ ...surfaceDeps(fake, recorder), ...options.surface });
  await surface.start(signal);
  const server = await createHttpServer({
    routes: surface.routes,
    staticRoot: null,
    readiness: [],
    metrics: { contentType: "text/plain", render: () => Promise.resolve(""), httpRequestEnded: () => undefined },
    logger: recorder.logger,
    publicUrl: null,
  });
  const { port } = await server.listen("127.0.0.1", 0);
  fake.botUrl = `http://127.0.0.1:${port}/api/messages`;
  return Object.assign(recorder, {
    fake,
    surface,
    ref: (key: string): ConversationRef => ({ installationId: INSTALLATION, key }),
    async [Symbol.asyncDispose]() {
      await surface.stop();
      await server.close(0);
      await fake.stop();
    },
  });
}

export function surfaceDeps(fake: FakeTeams, recorder = new Recorder()): TeamsSurfaceDeps {
  return {
    appId: APP_ID,
    appPassword: "password",
    appType: "SingleTenant",
    appTenantId: HOME_TENANT,
    allowedTenants: [],
    endpoints: fake.endpoints(),
    allowLoopback: true,
    installation: () => Promise.resolve({ id: INSTALLATION }),
    sink: { accept: (event) => recorder.accept(event) },
    interactions: { interact: async (event) => ({ ...(await recorder.accept(event)), outcome: recorder.outcome }) },
    participation: {
      relayedIn: () => Promise.resolve(null),
      takesPartIn: ({ key }) => Promise.resolve(recorder.takesPartIn.has(key)),
    },
    addresses: recorder.addressBook,
    agentsChannel: AGENTS,
    admins: [adam.aadObjectId],
    audience: ["public", "staff"],
    clock: systemClock,
    newId,
    logger: recorder.logger,
    botName: "Deskhand",
    streamCadenceMs: 0,
  };
}

class Recorder {
  readonly accepted: InboundEvent[] = [];
  readonly addresses = new Map<string, string>();
  readonly takesPartIn = new Set<string>();
  readonly logged: string[] = [];
  outcome: EventOutcome | null = null;
  failAccept: (() => Promise<never>) | null = null;

  readonly logger: Logger = {
    info: (event, fields) => void this.logged.push(JSON.stringify([event, fields])),
    warn: (event, fields) => void this.logged.push(JSON.stringify([event, fields])),
    error: (event, fields) => void this.logged.push(JSON.stringify([event, fields])),
  };

  readonly addressBook: AddressBook = {
    remember: ({ installationId, key }, address) => {
      this.addresses.set(`${installationId}/${key}`, address);
      return Promise.resolve();
    },
    find: ({ installationId, key }) => Promise.resolve(this.addresses.get(`${installationId}/${key}`) ?? null),
  };

  async accept(event: InboundEvent): Promise<Accepted> {
    if (this.failAccept !== null) return this.failAccept();
    this.accepted.push(event);
    return Promise.resolve({ inboxId: randomUUID(), conversationId: randomUUID(), duplicate: false });
  }
}

export const bot: Speaker = { role: "bot", name: "Deskhand" };

export function messageTo(to: ConversationRef, reply: Reply | string, speaker: Speaker = bot): OutgoingMessage {
  return { to, deliveryId: newId(), speaker, reply: typeof reply === "string" ? plainReply(reply) : reply, part: 0 };
}
