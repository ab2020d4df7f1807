import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DEFAULT_TENANT } from "../../src/ports/ids.js";
import { MessagePlatform } from "../fakes/message-platform.js";
import { testServerUrl } from "../support/database.js";
import { plainChild } from "./child-settings.js";
import { CoreCrew } from "./core-crew.js";
import { CoreProcesses } from "./core-processes.js";
import { createServerCrashDatabase, type CrashDatabase } from "./crash-database.js";
import { HandoffPlay } from "./handoff-crowd.js";
import { readDeliveryStates, readFacts } from "./outcomes.js";
import { seededNumbers } from "./seeded.js";

const HANDOFFS = 200;
const LEAST_KILLS = 12;
const TIMEOUT_MS = 420_000;
const QUIET_MS = 60_000;

const HANDOFFS_BY_CUSTOMER = `
  select conversation.key, handoff.id::text as id
    from handoff join conversation on conversation.id = handoff.conversation_id
   where handoff.tenant_id = current_tenant()`;

describe.skipIf(testServerUrl === undefined)(
  `many handoffs at the same time on PostgreSQL${testServerUrl === undefined ? ": skipped, TEST_DATABASE_URL is not set" : ""}`,
  () => {
    let database: CrashDatabase;
    let platform: MessagePlatform;
    let cores: CoreProcesses;
    beforeEach(async () => {
      database = await createServerCrashDatabase(testServerUrl ?? "");
      platform = new MessagePlatform();
      cores = new CoreProcesses();
    });
    afterEach(async () => {
      await cores.killAll();
      await platform.stop();
      await database.dispose();
    });

    it(
      `${HANDOFFS} with three agents racing for each, two processes and one of them killed again and again: one claim each, nothing lost, doubled, out of order or with somebody else`,
      async () => {
        const below = seededNumbers(200);
        const crew = await CoreCrew.start(cores, plainChild(database.settings, await platform.start()), below);
        const plays = Array.from({ length: HANDOFFS }, (_, at) => new HandoffPlay(crew, platform, String(at), below));
        const over = new AbortController();
        const killing = crew.killUntil(over.signal, () => platform.messages.length, [40, 160]);
        const opened = await database.open();
        try {
          await Promise.all(plays.map((play) => play.ask()));
          const { rows } = await opened.withTenant(DEFAULT_TENANT, (db) =>
            db.query<{ key: string; id: string }>(HANDOFFS_BY_CUSTOMER),
          );
          const handoffs = new Map(rows.map(({ key, id }) => [key, id]));
          expect([rows.length, handoffs.size]).toEqual([HANDOFFS, HANDOFFS]);
          const idOf = ({ customer }: HandoffPlay): string => handoffs.get(customer.key) ?? "";
          await Promise.all(plays.map((play) => play.raceToClaim(idOf(play))));
          await Promise.all(plays.map((play) => play.talk()));
          await Promise.all(plays.map((play) => play.resolve(idOf(play))));
          over.abort();
          await killing;
          await crew.untilQuiet(QUIET_MS);
          console.log(JSON.stringify({ handoffs: HANDOFFS, kills: crew.kills, messages: platform.messages.length }));
          for (const play of plays) play.expectWhole(await readFacts(opened, play.customer.key));
          expect(new Set(await readDeliveryStates(opened))).toEqual(new Set(["sent"]));
          expect(crew.kills).toBeGreaterThanOrEqual(LEAST_KILLS);
        } finally {
          over.abort();
          await killing;
          await opened[Symbol.asyncDispose]();
        }
      },
      TIMEOUT_MS,
    );
  },
);
