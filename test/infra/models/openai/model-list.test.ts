import { describe, expect, it } from "vitest";
import { readModelList } from "../../../../infra/models/openai/model-list.js";
import type { FakeOpenAi } from "../../../fakes/openai/fake-openai.js";
import { startFake } from "./scene.js";

function listOf({ apiKey, baseUrl }: FakeOpenAi) {
  return readModelList({ apiKey, baseUrl }, new AbortController().signal);
}

describe("the list of an endpoint's models", () => {
  it("tells every model, and the day on which it is switched off", async () => {
    const fake = await startFake();

    const list = await listOf(fake);

    expect(list).toMatchObject({ kind: "listed" });
    const models = list.kind === "listed" ? list.models : [];
    expect(models).toContainEqual({ id: "gpt-6-luna", shutdownDate: null });
    expect(models).toContainEqual({ id: "never-thinks", shutdownDate: "2027-01-14" });
  });

  it.each([
    [403, "forbidden"],
    [404, "none"],
    [405, "none"],
  ])("that is refused with status %i is %s", async (status, kind) => {
    const fake = await startFake();
    fake.willFail({ kind: "status", status });

    await expect(listOf(fake)).resolves.toEqual({ kind });
  });

  it("that is empty is none", async () => {
    const fake = await startFake({ models: [] });

    await expect(listOf(fake)).resolves.toEqual({ kind: "none" });
  });

  it.each([
    [{ kind: "status", status: 401 }, "auth"],
    [{ kind: "status", status: 503 }, "unreachable"],
    [{ kind: "web-page" }, "incomplete"],
    [{ kind: "disconnected" }, "unreachable"],
  ] as const)("that cannot be read is a ModelError (%j)", async (fault, failure) => {
    const fake = await startFake();
    fake.willFail(fault);

    await expect(listOf(fake)).rejects.toMatchObject({ code: "model", failure });
  });
});
