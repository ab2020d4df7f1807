const VENDOR_SDK =
  "node_modules/(@slack/|botbuilder|botframework|@microsoft/|pg/|@types/pg/|pgvector/|openai/|bull/|ioredis/|@electric-sql/|fastify/|pino/|prom-client/)";

const PRODUCT = "^(src|kb|adapters|infra)/";

/** A library, by how its paths below node_modules begin, may be exchanged: one folder knows it. */
const onlyKnownIn = (name, folder, library) => ({
  name,
  severity: "error",
  from: { path: PRODUCT, pathNot: `^${folder}` },
  to: { path: `node_modules/(${library})` },
});

/** Arrows point inward: adapters, kb and infra know src; src knows nobody. */
module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "core-knows-nobody",
      severity: "error",
      from: { path: "^src/" },
      to: { path: `^(adapters|kb|infra|test)/|${VENDOR_SDK}` },
    },
    {
      name: "kb-only-through-ports",
      severity: "error",
      from: { path: "^kb/" },
      to: { path: `^(adapters|infra|test)/|${VENDOR_SDK}` },
    },
    {
      name: "adapters-do-not-meet",
      severity: "error",
      from: { path: "^adapters/([^/]+)/" },
      to: { path: "^(kb|infra|test)/|^adapters/(?!$1/)" },
    },
    {
      name: "only-app-wires",
      severity: "error",
      from: { path: "^infra/", pathNot: "^infra/app\\.ts$" },
      to: { path: "^(adapters|kb)/" },
    },
    onlyKnownIn("only-postgres-knows-pg", "infra/postgres/", "pg/|@types/pg/|pgvector/|@electric-sql/"),
    onlyKnownIn("only-slack-knows-bolt", "adapters/slack/", "@slack/"),
    onlyKnownIn("only-teams-knows-botbuilder", "adapters/teams/", "botbuilder|botframework"),
    onlyKnownIn("only-the-queue-knows-bull", "infra/queue/", "bull/|ioredis/"),
    onlyKnownIn("only-openai-models-know-openai", "infra/models/openai/", "openai/"),
    {
      name: "product-does-not-know-tests",
      severity: "error",
      from: { path: PRODUCT },
      to: { path: "^test/" },
    },
  ],
  options: {
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^dist/" },
  },
};
