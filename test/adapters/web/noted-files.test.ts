import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { NO_UPLOADS } from "../../fakes/no-uploads.js";
import { ConsoleHarness } from "./console-harness.js";

it("a note goes to the core with what was put there beside it", async () => {
  const [name, sizeBytes, keptId] = ["till.png", 1, randomUUID()];
  const attached = { name, mediaType: "image/png", sizeBytes, source: null, link: null, keptId };
  const block = { kind: "file", name, sizeBytes, url: `/files/${keptId}` } as const;
  const found = { attached: () => Promise.resolve([attached]), shown: () => Promise.resolve([block]) };
  const harness = new ConsoleHarness((name) => name, { ...NO_UPLOADS, ...found });
  const { cookie } = await harness.signIn();
  const { handoffId, agentThread } = harness.addHandoff();

  const note = { messageId: randomUUID(), text: "// As it stood.", agentName: "Ana", files: [keptId] };
  await harness.post(`/api/handoffs/${handoffId}/replies`, note, { cookie });

  expect(harness.sink.events).toMatchObject([{ kind: "note", text: "As it stood.", files: [{ keptId }] }]);
  expect(JSON.stringify(await harness.store.list(agentThread!, 10))).toContain(block.url);
});
