import { serveParseJobs } from "./parser-process.js";

// The entry of the parser's child process; nothing imports it. The sandbox passes the output limit.
serveParseJobs(process, Number(process.argv[2] ?? "0"));
