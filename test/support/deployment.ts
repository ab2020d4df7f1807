import { createScratchDatabase } from "../../infra/postgres/scratch-database.js";
import type { FakeSlack } from "../fakes/slack/fake-slack.js";
import { testServerUrl } from "./database.js";
import { freePort } from "../../infra/bench/bench-process.js";
import { DeskhandProcess } from "./machines.js";
import { testRedisUrl } from "./redis.js";

/** Whether both servers are there that a deployment stands on. */
export const canDeploy = testServerUrl !== undefined && testRedisUrl !== undefined;

/** Ready web and worker processes of the build on a database of their own; disposing ends them and drops it. */
export interface Deployment extends AsyncDisposable {
  readonly databaseUrl: string;
  readonly webs: readonly DeskhandProcess[];
  readonly workers: readonly DeskhandProcess[];
}

export interface DeploymentOptions {
  /** Stands in the name of the database. */
  readonly purpose: string;
  /** How many there are of each role. */
  readonly processes: number;
  /** Environment beyond the database, the queue and Slack. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Deploys for one Slack, on the servers of TEST_DATABASE_URL and TEST_REDIS_URL. Where Slack delivers to is the caller's to say. */
export async function deploy(slack: FakeSlack, { purpose, processes, env }: DeploymentOptions): Promise<Deployment> {
  const scratch = await createScratchDatabase(testServerUrl ?? "", purpose);
  const settings = {
    DATABASE_URL: scratch.url,
    REDIS_URL: testRedisUrl ?? "",
    DESKHAND_SECRET: "0123456789abcdef0123456789abcdef",
    SLACK_BOT_TOKEN: slack.botToken(),
    SLACK_SIGNING_SECRET: slack.signingSecret,
    SLACK_API_URL: slack.apiUrl,
    ...env,
  };
  const workers: DeskhandProcess[] = [];
  const webs: DeskhandProcess[] = [];
  const end = async () => {
    for (const machine of [...webs, ...workers]) await machine.stop();
    await scratch.drop();
  };
  try {
    await startEach("worker", processes, settings, workers);
    await startEach("web", processes, settings, webs);
  } catch (error) {
    await end();
    throw error;
  }
  return { databaseUrl: scratch.url, webs, workers, [Symbol.asyncDispose]: end };
}

/** One after the other; each is listed before it starts, so that it can be ended also when it never gets ready. */
async function startEach(
  role: "web" | "worker",
  count: number,
  settings: Readonly<Record<string, string>>,
  started: DeskhandProcess[],
): Promise<void> {
  for (let number = 0; number < count; number += 1) {
    const machine = new DeskhandProcess(role, await freePort(), settings);
    started.push(machine);
    await machine.start();
  }
}
