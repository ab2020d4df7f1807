import { describe, expect, it } from "vitest";
import { People } from "../../../adapters/slack/people.js";
import type { SlackCall } from "../../../adapters/slack/slack-api.js";
import { ChatPlatformError } from "../../../src/ports/chat.js";

/** Knows everybody by their id, until it is told to fail. */
class Directory {
  readonly asked: string[] = [];
  failure: Error | null = null;
  now = 0;
  readonly people = new People(this.call(), () => this.now);

  private call(): SlackCall {
    return (method, args, schema) => {
      this.asked.push(`${method} ${String(args["user"])}`);
      if (this.failure !== null) return Promise.reject(this.failure);
      return Promise.resolve(
        schema.parse({ user: { name: "handle", profile: { display_name: ` ${String(args["user"])} ` } } }),
      );
    };
  }

  async name(userId: string): Promise<string> {
    return (await this.people.find(userId)).displayName;
  }
}

describe("names of people", () => {
  it("are asked for once an hour, and once by all who ask at the same time", async () => {
    const directory = new Directory();

    expect(await Promise.all([directory.name("U1"), directory.name("U1")])).toEqual(["U1", "U1"]);
    directory.now = 3_599_000;
    await directory.name("U1");
    expect(directory.asked).toEqual(["users.info U1"]);
    directory.now = 3_600_000;
    await directory.name("U1");
    expect(directory.asked).toHaveLength(2);
  });

  it("are not asked for while Slack does not answer, and an old name is better than none", async () => {
    const directory = new Directory();
    await directory.name("U1");
    directory.now = 4_000_000;
    directory.failure = new ChatPlatformError("rate-limited", "users.info", { retryAfterMs: 5_000 });

    expect(await directory.name("U1")).toBe("U1");
    expect(await directory.name("U2")).toBe("Slack user");
    expect(directory.asked).toHaveLength(2);

    directory.failure = null;
    directory.now += 5_000;
    expect(await directory.name("U2")).toBe("U2");
  });

  it("are asked for again after what the asker takes for old", async () => {
    const directory = new Directory();
    await directory.people.find("U1", 15_000);
    directory.now = 14_999;
    await directory.people.find("U1", 15_000);
    expect(directory.asked).toHaveLength(1);
    directory.now = 15_000;
    await directory.people.find("U1");
    expect(directory.asked).toHaveLength(1);
    await directory.people.find("U1", 15_000);
    expect(directory.asked).toHaveLength(2);
  });

  it("of one person who is not there say nothing about others", async () => {
    const directory = new Directory();
    directory.failure = new ChatPlatformError("not-found", "users.info");
    expect(await directory.name("U1")).toBe("Slack user");

    directory.failure = null;
    expect(await directory.name("U2")).toBe("U2");
  });
});
