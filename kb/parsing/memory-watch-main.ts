import { workerData } from "node:worker_threads";
import { keepWatching } from "./memory-watch.js";

// The entry of the thread that watches the parser's memory; nothing imports it.
keepWatching(Number(workerData));
