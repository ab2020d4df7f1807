import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import { expect, it } from "vitest";
import { createProgram } from "../../infra/cli/program.js";
import type { ProgramDependencies } from "../../infra/cli/program-dependencies.js";
import { packageRoot } from "../../infra/package-root.js";
import { commandsPage, DESCRIBED_COMMANDS } from "../support/commands-page.js";

function leaves(command: Command, path = ""): readonly string[] {
  if (command.commands.length === 0) return [path.trim()];
  return command.commands.flatMap((child) => leaves(child, `${path} ${child.name()}`));
}

it("docs/commands.md says what the help says", async () => {
  const file = join(packageRoot(), "docs", "commands.md");
  if (process.env["UPDATE_DOCS"] === "1") await writeFile(file, commandsPage());
  await expect(readFile(file, "utf8")).resolves.toBe(commandsPage());
});

it("docs/commands.md describes every command", () => {
  const all = leaves(createProgram({ version: "0", env: {} } as unknown as ProgramDependencies));
  expect([...DESCRIBED_COMMANDS].sort()).toEqual([...all].sort());
});
