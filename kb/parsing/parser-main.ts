import { watchMemory } from "./memory-watch.js";
import { serveParseJobs } from "./parser-process.js";

// The entry of the parser's child process; nothing imports it. The sandbox passes the limits of output and memory.
const [maxOutputCharacters = 0, maxResidentMegabytes = 0] = process.argv.slice(2).map(Number);
watchMemory(maxResidentMegabytes);
serveParseJobs(process, maxOutputCharacters);
