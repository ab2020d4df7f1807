import { stringify } from "yaml";
import { z } from "zod";
import { settingsSchema } from "./settings.js";

/** `deskhand.schema.json`: what editors check `deskhand.yaml` with. */
export function settingsJsonSchema(): string {
  const schema = z.toJSONSchema(settingsSchema, { io: "input", target: "draft-7" });
  return `${JSON.stringify({ ...schema, title: "deskhand.yaml" }, null, 2)}\n`;
}

/** `deskhand.sample.yaml`: every setting with its default and what it means. Reading it gives the defaults. */
export function sampleSettings(): string {
  const schema: SchemaNode = nodeSchema.parse(z.toJSONSchema(settingsSchema, { io: "input" }));
  return [
    "# yaml-language-server: $schema=./deskhand.schema.json",
    `# ${schema.description ?? ""}`,
    "# Copy this file to deskhand.yaml and change what you need; every key may be left out.",
    ...properties(schema, ""),
    "",
  ].join("\n");
}

const nodeSchema = z.object({
  description: z.string().optional(),
  default: z.unknown().optional(),
  examples: z.array(z.unknown()).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
});
type SchemaNode = z.infer<typeof nodeSchema>;

function properties(schema: SchemaNode, indent: string): readonly string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, value]) => {
    const node = nodeSchema.parse(value);
    const comment = node.description === undefined ? [] : [`${indent}# ${node.description}`];
    if (node.properties !== undefined) {
      const [first = "", ...rest] = properties(node, `${indent}  `);
      return ["", ...comment, `${indent}${key}:`, ...(first === "" ? rest : [first, ...rest])];
    }
    return [...comment, ...indented(entry(key, node.default), indent), ...example(key, node, indent)];
  });
}

function example(key: string, node: SchemaNode, indent: string): readonly string[] {
  const [first] = node.examples ?? [];
  if (first === undefined) return [];
  return indented(entry(key, first), `${indent}# `);
}

function indented(text: string, indent: string): readonly string[] {
  return text.split("\n").map((line) => `${indent}${line}`);
}

function entry(key: string, value: unknown): string {
  return stringify({ [key]: value }).trimEnd();
}
