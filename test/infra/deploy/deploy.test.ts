import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { validate } from "dockerfile-utils";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { ENVIRONMENT_VARIABLES, parseConfig } from "../../../infra/config/environment.js";
import { packageRoot } from "../../../infra/package-root.js";

const serviceSchema = z.object({
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).optional(),
  ports: z.array(z.string()).optional(),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
});
const composeSchema = z.object({ services: z.record(z.string(), serviceSchema) });

function deployFile(name: string): Promise<string> {
  return readFile(join(packageRoot(), "infra", "deploy", name), "utf8");
}

async function composeServices() {
  return composeSchema.parse(parse(await deployFile("compose.yaml"), { merge: true })).services;
}

// There is no Docker engine in every place that runs these tests: the files are checked, not run.
describe("the files for containers", () => {
  it("have a Dockerfile without a mistake, whose process is not root", async () => {
    const text = await deployFile("Dockerfile");
    expect(validate(text)).toEqual([]);
    expect(text).toMatch(/^USER node$/mu);
  });

  it("copy into the image what the package needs at run time", async () => {
    const manifest = z.object({ files: z.array(z.string()) });
    const { files } = manifest.parse(JSON.parse(await readFile(join(packageRoot(), "package.json"), "utf8")));
    const text = await deployFile("Dockerfile");
    const needed = files.filter((file) => file !== "docs" && file !== "deskhand.schema.json");
    for (const file of needed) expect(text).toContain(`/app/${file} `);
  });

  it("start web and workers on one database and one queue, with settings that Deskhand accepts", async () => {
    const { web, worker } = await composeServices();
    expect([web?.command, worker?.command]).toEqual([
      ["start", "--role", "web"],
      ["start", "--role", "worker"],
    ]);
    expect(web?.environment).toEqual(worker?.environment);
    const environment = { ...web?.environment, DATABASE_URL: "postgres://deskhand:word@postgres:5432/deskhand" };
    expect(parseConfig(environment)).toMatchObject({ redisUrl: "redis://valkey:6379" });
  });

  it("keep everything but the web process off the network of the machine", async () => {
    const services = await composeServices();
    const open = Object.entries(services).filter(([, { ports }]) => ports !== undefined);
    expect(open).toEqual([["web", expect.objectContaining({ ports: ["127.0.0.1:3000:3000"] })]]);
    expect(services["postgres"]?.healthcheck).toBeDefined();
    expect(services["valkey"]?.healthcheck).toBeDefined();
  });

  it("name only variables that Deskhand reads", async () => {
    const sample = await deployFile("deskhand.env.sample");
    const named = [...sample.matchAll(/^#?([A-Z][A-Z_]+)=/gmu)].map((match) => match[1] ?? "");
    expect(named.length).toBeGreaterThan(3);
    for (const name of named) expect(ENVIRONMENT_VARIABLES).toContain(name);
  });
});
