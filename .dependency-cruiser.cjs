const VENDOR_SDK =
  "node_modules/(@slack/|botbuilder|botframework|@microsoft/|pg/|@types/pg/|pgvector/|openai/|bull/|ioredis/|@electric-sql/|fastify/|pino/|prom-client/)";

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
    {
      name: "only-postgres-knows-pg",
      severity: "error",
      from: { path: "^(src|kb|adapters|infra)/", pathNot: "^infra/postgres/" },
      to: { path: "node_modules/(pg/|@types/pg/|pgvector/|@electric-sql/)" },
    },
    {
      name: "only-slack-knows-bolt",
      severity: "error",
      from: { path: "^(src|kb|adapters|infra)/", pathNot: "^adapters/slack/" },
      to: { path: "node_modules/@slack/" },
    },
    {
      name: "only-teams-knows-botbuilder",
      severity: "error",
      from: { path: "^(src|kb|adapters|infra)/", pathNot: "^adapters/teams/" },
      to: { path: "node_modules/(botbuilder|botframework)" },
    },
    {
      name: "only-the-queue-knows-bull",
      severity: "error",
      from: { path: "^(src|kb|adapters|infra)/", pathNot: "^infra/queue/" },
      to: { path: "node_modules/(bull|ioredis)/" },
    },
    {
      name: "only-openai-models-know-openai",
      severity: "error",
      from: { path: "^(src|kb|adapters|infra)/", pathNot: "^infra/models/openai/" },
      to: { path: "node_modules/openai/" },
    },
    {
      name: "product-does-not-know-tests",
      severity: "error",
      from: { path: "^(src|kb|adapters|infra)/" },
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
