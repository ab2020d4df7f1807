import { Button } from "react-aria-components";
import type { HandoffView } from "../../api.js";
import { BellMark } from "../shell/icons.js";
import { age, useNow } from "../state/times.js";
import { dueWords, otherPlace, reasonWords, stateWords } from "./handoff-words.js";
import { Notices } from "./notices.js";
import type { Handoffs } from "./use-handoffs.js";

const CLOSED_SHOWN = 20;

/** Everybody who waits, longest first, then what was solved lately. */
export function Queue({ handoffs, onOpen }: { handoffs: Handoffs; onOpen: (handoffId: string) => void }) {
  if (!handoffs.isLoaded) return <p className="queue-wait">Looking who is waiting…</p>;
  return (
    <div className="queue">
      {handoffs.open.length === 0 ? <NobodyWaiting /> : null}
      <QueueSection title="Open" handoffs={handoffs.open} onOpen={onOpen} />
      <Notices notices={handoffs.notices} />
      <QueueSection title="Solved lately" handoffs={handoffs.closed.slice(0, CLOSED_SHOWN)} onOpen={onOpen} />
      {handoffs.cutAt === null ? null : (
        <p className="queue-wait">There are more questions than the {handoffs.cutAt} listed. Open ones come first.</p>
      )}
    </div>
  );
}

function NobodyWaiting() {
  return (
    <div className="queue-empty">
      <BellMark size={44} />
      <h3>Nobody is waiting</h3>
      <p>Questions the documents don't answer come here, with what was tried.</p>
    </div>
  );
}

function QueueSection(props: { title: string; handoffs: readonly HandoffView[]; onOpen: (id: string) => void }) {
  const now = useNow();
  if (props.handoffs.length === 0) return null;
  return (
    <section className="queue-section" aria-label={props.title}>
      <h3>{props.title}</h3>
      <ul>
        {props.handoffs.map((handoff) => (
          <li key={handoff.handoffId}>
            <Button className="queue-row" data-state={handoff.state} onPress={() => props.onOpen(handoff.handoffId)}>
              <span className="queue-question">{handoff.question}</span>
              <span className="queue-facts">
                <StateChip handoff={handoff} />
                <span>{reasonWords(handoff)}</span>
                <Due handoff={handoff} now={now} />
                {handoff.assignedTo !== null && <span>For {handoff.assignedTo}</span>}
                {handoff.team !== null && <span>For {handoff.team}</span>}
                <AnsweredElsewhere handoff={handoff} />
                <span>
                  {handoff.customerName}, {age(handoff.createdAt, now)}
                </span>
              </span>
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Due({ handoff: { due }, now }: { handoff: HandoffView; now: number }) {
  if (due === null) return null;
  const isOverdue = Date.parse(due.at) <= now;
  return (
    <span className="queue-due" data-overdue={isOverdue}>
      {dueWords(due, isOverdue)}
    </span>
  );
}

function AnsweredElsewhere({ handoff }: { handoff: HandoffView }) {
  const place = otherPlace(handoff);
  return place === null ? null : <span>For agents {place}</span>;
}

export function StateChip({ handoff }: { handoff: HandoffView }) {
  return (
    <span className="state-chip" data-state={handoff.state}>
      {stateWords(handoff)}
    </span>
  );
}
