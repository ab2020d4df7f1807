import { expect, it } from "vitest";
import { createKnowledgeAudit } from "../../../kb/lifecycle/audit-store.js";
import { newId } from "../../../src/ports/ids.js";
import { describeEachDatabase } from "../../support/database.js";
import { tenantForEachTest } from "../../support/tenant-for-each-test.js";

describeEachDatabase("the record of changes", (open) => {
  const own = tenantForEachTest(open);

  function scene() {
    const audit = createKnowledgeAudit({ database: own.database, newId });
    const record = (actor: string, action: string, sourceName: string, wasAllowed: boolean) =>
      audit.record(own.tenant, { actor, action, sourceName, detail: {}, wasAllowed });
    const newest = async (limit: number) =>
      (await audit.newest(own.tenant, limit)).map(
        ({ actor, action, sourceName }) => `${actor} ${action} ${sourceName}`,
      );
    return { record, newest };
  }

  it("holds what a person may not do once an hour, whatever source they name, and every change", async () => {
    const { record, newest } = scene();
    for (const source of ["a", "b", "c"]) await record("web:eve", "sync", source, false);
    await record("web:eve", "remove", "a", false);
    await record("web:bob", "sync", "a", false);
    for (const source of ["a", "a"]) await record("slack:carla", "sync", source, true);

    await expect(newest(100)).resolves.toEqual([
      ...["slack:carla sync a", "slack:carla sync a"],
      ...["web:bob sync a", "web:eve remove a", "web:eve sync a"],
    ]);
  });

  it("shows changes though more was refused since", async () => {
    const { record, newest } = scene();
    await record("slack:carla", "add", "docs", true);
    for (const action of ["add", "sync", "remove", "pause", "resume"]) await record("web:eve", action, "docs", false);
    await expect(newest(4)).resolves.toEqual(["web:eve resume docs", "slack:carla add docs"]);
  });
});
