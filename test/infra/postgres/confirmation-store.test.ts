import { expect, it } from "vitest";
import { createConfirmationStore } from "../../../infra/postgres/confirmation-store.js";
import { newId } from "../../../src/ports/ids.js";
import { describeEachDatabase } from "../../support/database.js";
import { tenantForEachTest } from "../../support/tenant-for-each-test.js";

const TEN_MINUTES_LATER = `
  update command_confirmation set expires_at = expires_at - interval '10 minutes' where tenant_id = $1`;

describeEachDatabase("confirmations", (open) => {
  const own = tenantForEachTest(open);
  const installationId = newId();

  function scene() {
    const confirmations = createConfirmationStore(own.database, newId);
    const carla = { tenantId: own.tenant, installationId, authorId: "U0CARLA" };
    return { confirmations, carla };
  }

  it("can be taken once, by their id or its end, by whoever asked", async () => {
    const { confirmations, carla } = scene();
    const sourceIds = [newId(), newId()];
    const asked = await confirmations.ask(carla, "kb sync --yes", sourceIds);
    const again = await confirmations.ask(carla, "kb remove faq", []);
    await expect(confirmations.take(carla, asked.code, null)).resolves.toEqual({
      kind: "taken",
      line: "kb sync --yes",
      sourceIds,
    });
    await expect(confirmations.take(carla, asked.code.toUpperCase(), null)).resolves.toEqual({ kind: "used" });
    await expect(confirmations.take(carla, again.confirmationId, null)).resolves.toMatchObject({
      line: "kb remove faq",
    });
  });

  it("cannot be taken by another person, from another installation or by another tenant, and then still wait", async () => {
    const { confirmations, carla } = scene();
    const { code } = await confirmations.ask(carla, "kb remove docs", []);
    await expect(confirmations.take({ ...carla, authorId: "U0EVE" }, code, null)).resolves.toEqual({
      kind: "not-yours",
    });
    await expect(confirmations.take({ ...carla, installationId: newId() }, code, null)).resolves.toEqual({
      kind: "not-yours",
    });
    await expect(confirmations.take({ ...carla, tenantId: "default" }, code, null)).resolves.toEqual({
      kind: "unknown",
    });
    await expect(confirmations.take(carla, code, null)).resolves.toMatchObject({ kind: "taken" });
  });

  it("are taken again by the event that took them, whose work was not done, and by no other one", async () => {
    const { confirmations, carla } = scene();
    const { code } = await confirmations.ask(carla, "kb remove docs", []);
    await confirmations.take(carla, code, "event-1");
    await own.database.withTenant(own.tenant, (transaction) => transaction.query(TEN_MINUTES_LATER, [own.tenant]));
    await expect(confirmations.take(carla, code, "event-2")).resolves.toEqual({ kind: "used" });
    await expect(confirmations.take(carla, code, null)).resolves.toEqual({ kind: "used" });
    await expect(confirmations.take(carla, code, "event-1")).resolves.toEqual({
      kind: "taken",
      line: "kb remove docs",
      sourceIds: [],
    });
  });

  it("run out after ten minutes", async () => {
    const { confirmations, carla } = scene();
    const { code } = await confirmations.ask(carla, "kb remove docs", []);
    await own.database.withTenant(own.tenant, (transaction) => transaction.query(TEN_MINUTES_LATER, [own.tenant]));
    await expect(confirmations.take(carla, code, null)).resolves.toEqual({ kind: "expired" });
  });

  it("are taken by one of two who press at the same time", async () => {
    const { confirmations, carla } = scene();
    const { code } = await confirmations.ask(carla, "kb remove docs", []);
    const both = await Promise.all([confirmations.take(carla, code, null), confirmations.take(carla, code, null)]);
    expect(both.map(({ kind }) => kind).sort()).toEqual(["taken", "used"]);
  });
});
