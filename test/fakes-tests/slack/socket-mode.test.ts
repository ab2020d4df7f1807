import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { FakeSlack } from "../../fakes/slack/fake-slack.js";
import { parseJson, textAt, type JsonObject } from "../../fakes/slack/json.js";
import { rawCall, rawOutcome } from "./raw-call.js";

/** An app's end of one connection. By itself it acknowledges only what `acknowledges` names. */
class Line implements Disposable {
  readonly messages: JsonObject[] = [];
  readonly #socket: WebSocket;

  private constructor(address: string, acknowledges: (message: JsonObject) => boolean) {
    this.#socket = new WebSocket(address);
    this.#socket.on("message", (data) => {
      const message = parseJson((data as Buffer).toString("utf8")) as JsonObject;
      this.messages.push(message);
      if (acknowledges(message)) {
        this.acknowledge(message);
      }
    });
  }

  static async open(fake: FakeSlack, acknowledges: (message: JsonObject) => boolean = () => false): Promise<Line> {
    const line = new Line(await addressFrom(fake), acknowledges);
    await line.next();
    return line;
  }

  /** The newest message once there are so many. */
  async next(count = this.messages.length + 1): Promise<JsonObject> {
    await expect.poll(() => this.messages.length).toBeGreaterThanOrEqual(count);
    return this.messages[count - 1]!;
  }

  acknowledge(message: JsonObject, payload: JsonObject = {}): void {
    this.#socket.send(JSON.stringify({ envelope_id: textAt(message, "envelope_id"), payload }));
  }

  [Symbol.dispose](): void {
    this.#socket.terminate();
  }
}

async function addressFrom(fake: FakeSlack): Promise<string> {
  const { body } = await rawCall(fake, "apps.connections.open", {}, fake.appToken);
  return textAt(body, "url");
}

describe("Socket Mode", () => {
  it("greets first", async () => {
    await using fake = await FakeSlack.start();
    using line = await Line.open(fake);
    expect(line.messages).toMatchObject([
      { type: "hello", num_connections: 1, connection_info: { app_id: fake.appId } },
    ]);
  });

  it("gives an address that serves once", async () => {
    await using fake = await FakeSlack.start();
    const address = await addressFrom(fake);
    const first = new WebSocket(address);
    await once(first, "open");
    const [error] = (await once(new WebSocket(address), "error")) as [Error];
    expect(error.message).toContain("403");
    first.terminate();
  });

  it("sends an event again, with a number and a reason, until it is acknowledged", async () => {
    await using fake = await FakeSlack.start({ acknowledgeWithinMs: 300, retryDelaysMs: [0, 0, 0] });
    using line = await Line.open(fake, (message) => message["retry_attempt"] === 1);
    await expect(fake.direct("Anna", "hello").acknowledged()).resolves.toMatchObject([
      { isAcknowledged: true, retryNumber: 1 },
    ]);
    const [, first, second] = line.messages;
    expect(first).toMatchObject({
      type: "events_api",
      retry_attempt: 0,
      retry_reason: "",
      accepts_response_payload: false,
    });
    expect(second).toMatchObject({ retry_attempt: 1, retry_reason: "timeout", payload: first!["payload"] });
  });

  it("brings what nobody acknowledged to the next connection", async () => {
    await using fake = await FakeSlack.start();
    const lost = await Line.open(fake);
    const said = fake.direct("Anna", "hello");
    await lost.next(2);
    lost[Symbol.dispose]();
    await expect.poll(() => fake.sockets.connections).toBe(0);

    using line = await Line.open(fake);
    const again = await line.next(2);
    expect(again).toMatchObject({ retry_attempt: 1 });
    line.acknowledge(again);
    await expect(said.acknowledged()).resolves.toMatchObject([{ isAcknowledged: true }]);
  });

  it("keeps an event for the first connection there will be", async () => {
    await using fake = await FakeSlack.start();
    const said = fake.direct("Anna", "hello");
    using line = await Line.open(fake);
    line.acknowledge(await line.next(2));
    await expect(said.acknowledged()).resolves.toMatchObject([{ isAcknowledged: true, retryNumber: 0 }]);
  });

  it("shows what came with the acknowledgement of a command", async () => {
    await using fake = await FakeSlack.start();
    using line = await Line.open(fake);
    const command = fake.slash("Anna", "general", "/deskhand help");
    const sent = await line.next(2);
    expect(sent).toMatchObject({ type: "slash_commands", accepts_response_payload: true, payload: { text: "help" } });
    line.acknowledge(sent, { text: "Ask me anything." });
    await command;
    expect(fake.transcript("general")).toBe("Deskhand (only Anna sees this): Ask me anything.");
  });

  it("does not repeat a command", async () => {
    await using fake = await FakeSlack.start({ acknowledgeWithinMs: 50 });
    using line = await Line.open(fake);
    await expect(fake.slash("Anna", "general", "/deskhand help")).resolves.toMatchObject({ isAcknowledged: false });
    expect(line.messages).toHaveLength(2);
  });

  it("asks to reconnect", async () => {
    await using fake = await FakeSlack.start();
    using line = await Line.open(fake);
    fake.sockets.disconnect("warning");
    await expect(line.next(2)).resolves.toMatchObject({ type: "disconnect", reason: "warning" });
  });

  it("takes ten connections and sends each event to one of them", async () => {
    await using fake = await FakeSlack.start();
    const lines = await Promise.all(Array.from({ length: 10 }, () => Line.open(fake)));
    const eleventh = await Line.open(fake);
    expect(eleventh.messages).toMatchObject([{ type: "disconnect", reason: "too_many_websockets" }]);

    fake.direct("Anna", "hello");
    await expect.poll(() => lines.flatMap((line) => line.messages).length).toBe(11);
    for (const line of [...lines, eleventh]) {
      line[Symbol.dispose]();
    }
  });

  it("opens nothing for a bot's token", async () => {
    await using fake = await FakeSlack.start();
    await expect(rawOutcome(fake, "apps.connections.open", {})).resolves.toBe("not_allowed_token_type");
  });
});
