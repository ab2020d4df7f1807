import { InProcessQueue } from "../../../infra/queue/in-process-queue.js";
import { queueContract } from "../../contracts/queue-contract.js";
import { silentLogger } from "../../support/silent-logger.js";

queueContract("the in-process queue", () => new InProcessQueue(silentLogger));
