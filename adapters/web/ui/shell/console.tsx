import { useState } from "react";
import type { Citation } from "../../../../src/ports/reply.js";
import type { SessionView } from "../../api.js";
import { AgentsPane } from "../agents/agents-pane.js";
import { useHandoffs } from "../agents/use-handoffs.js";
import { ChatPane } from "../customer/chat-pane.js";
import { OpenCitationContext } from "../passage/open-citation.js";
import { PassagePanel } from "../passage/passage-panel.js";
import { Header } from "./header.js";
import { LineBanner } from "./line-banner.js";
import { SideSwitch, type Side } from "./side-switch.js";

/** Both sides of the desk: the customer's chat, and the people behind it. On a narrow screen one at a time. */
export function Console({ session }: { session: SessionView }) {
  const [citation, setCitation] = useState<Citation | null>(null);
  const [side, setSide] = useState<Side>("customer");
  const handoffs = useHandoffs();
  return (
    <OpenCitationContext value={setCitation}>
      <div className="console" data-side={side}>
        <a className="skip-link" href="#question">
          Skip to the question field
        </a>
        <Header title={session.title} />
        <LineBanner />
        <SideSwitch side={side} waiting={handoffs.waiting} onChange={setSide} />
        <main className="sides">
          <ChatPane suggestions={session.suggestions} />
          <AgentsPane handoffs={handoffs} />
        </main>
      </div>
      <PassagePanel citation={citation} onClose={() => setCitation(null)} />
    </OpenCitationContext>
  );
}
