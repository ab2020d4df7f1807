import { useEffect, useState } from "react";
import { useStoredValue } from "../state/stored-value.js";
import { AgentName } from "./agent-name.js";
import { HandoffDetail } from "./handoff-detail.js";
import { Queue } from "./queue.js";
import type { Handoffs } from "./use-handoffs.js";

/** The agents' side: who waits, and one conversation at a time. */
export function AgentsPane({ handoffs }: { handoffs: Handoffs }) {
  const [agentName, setAgentName] = useStoredValue("agent-name", "Ana");
  const [openId, setOpenId] = useState<string | null>(null);
  useEffect(() => {
    document.title = handoffs.waiting === 0 ? "Deskhand" : `(${handoffs.waiting}) Deskhand`;
  }, [handoffs.waiting]);
  return (
    <section className="side agents-side" aria-label="Agents' side">
      <header className="side-header">
        <h2>Agents {handoffs.waiting > 0 ? <span className="count">{handoffs.waiting} waiting</span> : null}</h2>
        <AgentName name={agentName} onChange={setAgentName} />
      </header>
      <p className="visually-hidden" role="status">
        {handoffs.waiting === 0 ? "" : `${handoffs.waiting} waiting for a person`}
      </p>
      {openId === null ? (
        <Queue handoffs={handoffs} onOpen={setOpenId} />
      ) : (
        <HandoffDetail key={openId} handoffId={openId} agentName={agentName} onBack={() => setOpenId(null)} />
      )}
    </section>
  );
}
