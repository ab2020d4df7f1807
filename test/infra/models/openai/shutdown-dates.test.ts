import { describe, expect, it } from "vitest";
import { readShutdownDates } from "../../../../infra/models/openai/shutdown-dates.js";
import { startFake } from "./scene.js";

const signal = new AbortController().signal;

describe("the days on which models are switched off", () => {
  it("are told of the models that are asked about and have one", async () => {
    const fake = await startFake();
    const models = ["gpt-6-luna", "never-thinks", "gpt-0"];

    const dates = await readShutdownDates({ apiKey: fake.apiKey, baseUrl: fake.baseUrl }, models, signal);

    expect([...dates]).toEqual([["never-thinks", "2027-01-14"]]);
  });

  it.each([
    [{ kind: "status", status: 404 }, "rejected"],
    [{ kind: "web-page" }, "incomplete"],
    [{ kind: "disconnected" }, "unreachable"],
  ] as const)("are a ModelError when the list cannot be read (%j)", async (fault, failure) => {
    const fake = await startFake();
    fake.willFail(fault);

    const reading = readShutdownDates({ apiKey: fake.apiKey, baseUrl: fake.baseUrl }, ["gpt-6-luna"], signal);

    await expect(reading).rejects.toMatchObject({ code: "model", failure });
  });
});
