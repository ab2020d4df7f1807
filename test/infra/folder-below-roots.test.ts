import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFolderBelowRoots } from "../../infra/folder-below-roots.js";

describe("folders that may be added from a conversation", () => {
  let place = "";
  beforeAll(() => {
    place = realpathSync(mkdtempSync(join(tmpdir(), "deskhand-roots-")));
    mkdirSync(join(place, "shared", "manuals"), { recursive: true });
    mkdirSync(join(place, "shared-but-not"));
    mkdirSync(join(place, "private"));
    writeFileSync(join(place, "shared", "file.md"), "x");
    symlinkSync(join(place, "private"), join(place, "shared", "link"));
    symlinkSync(join(place, "shared", "manuals"), join(place, "to-manuals"));
  });
  afterAll(() => rmSync(place, { recursive: true, force: true }));

  const below = (path: string, roots = [join(place, "shared")]) => createFolderBelowRoots(roots)(path);

  it.each(["manuals", "./manuals", ""])("are found below a root by %j", async (path) => {
    await expect(below(path)).resolves.toBe(join(place, "shared", ...(path === "" ? [] : ["manuals"])));
  });

  it("are found by their whole path, and through a link from elsewhere", async () => {
    await expect(below(join(place, "shared", "manuals"))).resolves.toBe(join(place, "shared", "manuals"));
    await expect(below(join(place, "to-manuals"))).resolves.toBe(join(place, "shared", "manuals"));
  });

  it.each(["..", "../private", "../shared-but-not", "link", "file.md", "none", "/etc", "../../../../etc", "a\0b"])(
    "are not %j",
    async (path) => {
      await expect(below(path)).resolves.toBeNull();
    },
  );

  it("are none where no root is configured", async () => {
    await expect(below(place, [])).resolves.toBeNull();
  });
});
