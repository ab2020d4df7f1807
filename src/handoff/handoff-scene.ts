import type { AgentNames } from "./agent-names.js";
import type { CannedReply } from "./canned-replies.js";
import type { Clock } from "../ports/clock.js";
import type { Handoff, HandoffActor } from "../ports/handoffs.js";
import type { NewId, TenantId } from "../ports/ids.js";
import type { Metrics } from "../ports/logger.js";
import type { CoreStores, DeliveryCause } from "../ports/stores.js";
import type { PresenceOf } from "./assignment.js";
import type { AgentsChannel } from "./agents-channel.js";
import type { FileRules } from "./files/file-rules.js";
import type { TakenFiles } from "./files/take-files.js";
import type { BusinessHours } from "./business-hours.js";
import type { TeamPlan } from "./route-handoff.js";
import type { ServiceLevel } from "./service-level.js";
import type { TimerPolicy } from "./timers.js";

/** What every change of a handoff needs to know. */
export interface HandoffRules {
  readonly botName: string;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly timers: TimerPolicy;
  /** When a team without hours of its own answers; null: always. */
  readonly hours: BusinessHours | null;
  /** Null: one team, which has no name. */
  readonly teams: TeamPlan | null;
  readonly agentsChannel: AgentsChannel;
  /** Whether customers are asked, once for each handoff, to rate the help that they got; left out where not. */
  readonly askRating?: boolean;
  /** What agents send by name; left out where there is nothing. */
  readonly replies?: readonly CannedReply[];
  /** What is promised where a team says nothing else; left out where nothing is. */
  readonly sla?: ServiceLevel;
  /** Whether customers are told which team has their question; left out where not. */
  readonly showTeamName?: boolean;
  /** What customers see of the names of agents; left out: all of it. */
  readonly agentNames?: AgentNames;
  /** Left out where no platform tells. */
  readonly presence?: PresenceOf;
  /** Left out where nobody counts. */
  readonly metrics?: Pick<Metrics, "firstReply" | "targetMissed">;
  /** Null where files are switched off. */
  readonly files: FileRules | null;
}

/** A handoff whose row is locked, and what happens to it. */
export interface HandoffScene {
  readonly rules: HandoffRules;
  readonly stores: CoreStores;
  readonly tenantId: TenantId;
  readonly handoff: Handoff;
  readonly actor: HandoffActor;
  readonly cause: DeliveryCause;
  /** What came with the words that are passed on. */
  readonly files?: TakenFiles | undefined;
}
