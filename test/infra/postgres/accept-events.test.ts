import { expect, it } from "vitest";
import { createEventAcceptor } from "../../../infra/postgres/accept-events.js";
import { DatabaseError } from "../../../infra/postgres/database-error.js";
import type { OpenDatabase } from "../../../infra/postgres/open-database.js";
import type { Queryable } from "../../../src/ports/database.js";
import { NotFoundError, UsageError } from "../../../src/ports/errors.js";
import { newId } from "../../../src/ports/ids.js";
import { describeEachDatabase } from "../../support/database.js";
import { installationOf, messageFrom } from "../../support/stores.js";

describeEachDatabase("events that come together", (open) => {
  async function withDatabase(work: (database: OpenDatabase, installationId: string) => Promise<void>): Promise<void> {
    await using database = await open();
    await work(database, await installationOf(database));
  }

  it("are each stored once, in their own conversations, however often they come", () =>
    withDatabase(async (database, installationId) => {
      const events = Array.from({ length: 150 }, (_, index) => messageFrom(installationId, { key: `c${index % 40}` }));
      const all = [...events, ...events].map((event) => database.coordination.acceptEvent(event));
      const accepted = await Promise.all(all);

      const [first, again] = [accepted.slice(0, 150), accepted.slice(150)];
      expect(new Set(first.map(({ inboxId }) => inboxId)).size).toBe(150);
      expect(new Set(first.map(({ conversationId }) => conversationId)).size).toBe(40);
      expect(again.map(({ inboxId }) => inboxId)).toEqual(first.map(({ inboxId }) => inboxId));
      expect(accepted.filter(({ duplicate }) => duplicate)).toHaveLength(150);
    }));

  it("do not suffer from one among them that cannot be stored", () =>
    withDatabase(async (database, installationId) => {
      const good = Array.from({ length: 10 }, () => messageFrom(installationId));
      const stranger = messageFrom(newId());
      const refused = messageFrom(installationId, { channelId: "\u0000" });
      const malformed = messageFrom(installationId, { audience: [] });
      const all = [...good.slice(0, 5), stranger, refused, malformed, ...good.slice(5)];
      const settled = await Promise.allSettled(all.map((event) => database.coordination.acceptEvent(event)));

      expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(10);
      expect(settled[5]).toMatchObject({ status: "rejected", reason: expect.any(NotFoundError) as unknown });
      expect(settled[6]).toMatchObject({ status: "rejected", reason: expect.any(DatabaseError) as unknown });
      expect(settled[7]).toMatchObject({ status: "rejected", reason: expect.any(UsageError) as unknown });
    }));
});

/** A database that answers when it is told to. */
class SlowDatabase implements Queryable {
  readonly sizes: number[] = [];
  readonly #answers: ((error: Error | null) => void)[] = [];

  query(_text: string, values: readonly unknown[] = []): Promise<{ rows: never[]; rowCount: number }> {
    this.sizes.push(Array.isArray(values[0]) ? values[0].length : 1);
    return new Promise((resolve, reject) => {
      this.#answers.push((error) => (error === null ? resolve({ rows: [], rowCount: 0 }) : reject(error)));
    });
  }

  async answer(error: Error | null = null): Promise<void> {
    this.#answers.shift()?.(error);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

it("goes to the database at once when it comes alone, and gathers while that is busy", async () => {
  const database = new SlowDatabase();
  const accept = createEventAcceptor(database, newId, { atOnce: 1, together: 4 });
  const all = Array.from({ length: 7 }, () => accept(messageFrom(newId())).catch(() => undefined));
  for (let answers = 0; answers < 3; answers += 1) await database.answer();
  await Promise.all(all);

  expect(database.sizes).toEqual([1, 4, 2]);
});

it("asks an absent database once for all of them, and one that refuses once more for each", async () => {
  for (const [isRetryable, sizes] of [
    [true, [1, 3]],
    [false, [1, 3, 1, 1, 1]],
  ] as const) {
    const database = new SlowDatabase();
    const accept = createEventAcceptor(database, newId, { atOnce: 1, together: 4 });
    const all = Array.from({ length: 4 }, () => accept(messageFrom(newId())));
    const settled = Promise.allSettled(all);
    await database.answer();
    for (let answers = 0; answers < 4; answers += 1) await database.answer(new DatabaseError("no", { isRetryable }));

    expect((await settled).every(({ status }) => status === "rejected")).toBe(true);
    expect(database.sizes).toEqual(sizes);
  }
});
