import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";

const stores = join(import.meta.dirname, "..", "..", "..", "infra", "postgres");

/** Tables with rows of tenants, by the schema. */
async function tenantTables(): Promise<ReadonlySet<string>> {
  const schema = await readFile(join(stores, "schema.sql"), "utf8");
  const tables = [...schema.matchAll(/create table (\w+) \(([\s\S]*?)\n\);/gu)];
  return new Set(tables.flatMap(([, table = "", columns = ""]) => (/\btenant_id\b/u.test(columns) ? [table] : [])));
}

/** Of one statement, the tables that it names beside others and not by tenant. */
function openIn(statement: string, tables: ReadonlySet<string>): readonly string[] {
  const named = statement.matchAll(/\b(from|join)\s+(\w+)(?:\s+as\s+(\w+))?/gu);
  return [...named].flatMap((match) => {
    const [text, how, table = "", alias] = match;
    if (!tables.has(table) || (how === "from" && alias === undefined)) return [];
    const isByTenant = new RegExp(`\\b${alias ?? table}\\.tenant_id\\b|\\$\\{`, "u");
    return isByTenant.test(statement.slice(match.index)) ? [] : [text];
  });
}

it("every statement that reads several tables is by tenant in each of them", async () => {
  const tables = await tenantTables();
  expect(tables.size).toBeGreaterThan(40);
  const found: string[] = [];
  for (const name of (await readdir(stores)).filter((file) => file.endsWith(".ts"))) {
    const source = await readFile(join(stores, name), "utf8");
    for (const [statement] of source.matchAll(/`[^`]*`/gu)) {
      found.push(...openIn(statement, tables).map((text) => `${name}: ${text}`));
    }
  }
  expect(found).toEqual([]);
});
