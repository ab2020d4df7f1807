import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { BENCH_BOT, BENCH_TEAM } from "./slack-delivery.js";

/** The two methods of Slack's Web API that taking events in needs. */
const ANSWERS: Readonly<Record<string, object>> = {
  "auth.test": {
    ok: true,
    team_id: BENCH_TEAM,
    user_id: BENCH_BOT,
    bot_id: "BBENCH0001",
    user: "deskhand",
    team: "Bench",
  },
  "users.info": { ok: true, user: { id: "UBENCH", real_name: "Bench Person", profile: { display_name: "Bench" } } },
};

/** Stands in for Slack where the bot asks who it is and who others are. Resolves once it listens. */
export async function startSlackResponder(): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer((request, response) => {
    request.resume();
    const method = request.url?.split("/").at(-1) ?? "";
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(ANSWERS[method] ?? { ok: false, error: "unknown_method" }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}/api/`, server };
}
