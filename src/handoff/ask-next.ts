import type { HandoffTimerRow } from "../ports/handoffs.js";
import type { Block, Reply } from "../ports/reply.js";
import { chooseMember, type Assignment, type Member } from "./assignment.js";
import { fromBot, runTimers, updateCard, wakeAll } from "./change-handoff.js";
import { assignmentOf } from "./choose-team.js";
import type { HandoffScene } from "./handoff-scene.js";
import { isFree } from "./state-machine.js";

/** Whom of the handoff's team it is for is decided by that; null where by nothing. */
export function askedBy({ rules, handoff }: Pick<HandoffScene, "rules" | "handoff">): Assignment | null {
  return isFree(handoff.state) ? assignmentOf(rules, handoff.team) : null;
}

/**
 * Asks the next of the team, in the transaction that has locked the handoff: its card and its thread name them. It stays
 * everybody's. A card that is still to be posted is changed after that; one that could not be posted holds nobody up. Resolves
 * with the conversations that have posts due.
 *
 * @param due the timer that has run out
 */
export async function askNext(
  scene: HandoffScene,
  due: HandoffTimerRow,
  away: ReadonlySet<string>,
): Promise<readonly string[]> {
  const { rules, stores, handoff, actor } = scene;
  const now = rules.clock.now();
  const assignment = askedBy(scene);
  const member = assignment === null ? null : await chooseNext(scene, assignment, away);
  const targets = await stores.handoffs.targets(handoff.handoffId);
  await runTimers(scene, handoff, { over: due, now, destination: null, targets, isNew: false });
  if (assignment === null || member === null) return [];
  const { handoffId, team } = handoff;
  await stores.handoffs.ask(handoffId, team ?? "", member);
  const change = { event: due.kind, actor, detail: `${member.name}, ${assignment.by}` };
  await stores.handoffs.transition(handoffId, handoff, change);
  const asked = { ...scene, handoff: { ...handoff, assignedTo: { id: member.id, displayName: member.name } } };
  await stores.deliveries.add([
    { ...fromBot(scene, handoff.agentConversationId, "notice", ""), reply: notice(member) },
  ]);
  await updateCard(asked, handoff);
  return wakeAll(asked);
}

/** Until the transaction ends, nobody else of the same team is chosen. */
async function chooseNext(
  { rules, stores, handoff }: HandoffScene,
  assignment: Assignment,
  away: ReadonlySet<string>,
): Promise<Member | null> {
  const lastId = await stores.handoffs.takeTurn(handoff.team ?? "");
  const ids = assignment.members.map(({ id }) => id);
  const loads = assignment.by === "least-loaded" ? await stores.handoffs.loads(ids) : new Map<string, number>();
  return chooseMember(assignment, { now: rules.clock.now(), asked: handoff.asked, away, lastId, loads });
}

function notice({ id, name }: Member): Reply {
  const words: Block = {
    kind: "paragraph",
    children: [
      { kind: "mention", id, name },
      { kind: "text", text: ", this is for you. Whoever is faster may claim it." },
    ],
  };
  return { blocks: [words], citations: [], actions: [] };
}
