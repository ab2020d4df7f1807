import { useState, type ReactNode } from "react";
import type { Citation } from "../../../../src/ports/reply.js";
import type { SessionView } from "../../api.js";
import { AgentsPane } from "../agents/agents-pane.js";
import { useHandoffs } from "../agents/use-handoffs.js";
import { ChatPane } from "../customer/chat-pane.js";
import { ExplainPanel } from "../explain/explain-panel.js";
import { OpenExplanationContext } from "../explain/open-explanation.js";
import { KnowledgePage } from "../knowledge/knowledge-page.js";
import { OpenCitationContext } from "../passage/open-citation.js";
import { PassagePanel } from "../passage/passage-panel.js";
import type { Place } from "../state/place.js";
import { usePlace } from "../state/use-place.js";
import { Header } from "./header.js";
import { LineBanner } from "./line-banner.js";
import { PageSwitch } from "./page-switch.js";
import { SideSwitch, type Side } from "./side-switch.js";

/** What the session may see: both sides of the desk, or the customer's chat alone. */
export function Console({ session }: { session: SessionView }) {
  const [citation, setCitation] = useState<Citation | null>(null);
  const [answerId, setAnswerId] = useState<string | null>(null);
  const isAdmin = session.role === "admin";
  return (
    <OpenCitationContext value={setCitation}>
      <OpenExplanationContext value={isAdmin ? setAnswerId : null}>
        {isAdmin ? <BothSides session={session} /> : <CustomerSide session={session} />}
      </OpenExplanationContext>
      <PassagePanel citation={citation} onClose={() => setCitation(null)} />
      <ExplainPanel answerId={answerId} onClose={() => setAnswerId(null)} />
    </OpenCitationContext>
  );
}

/** The customer's chat, and the people behind it. On a narrow screen one at a time. */
function BothSides({ session }: { session: SessionView }) {
  const [side, setSide] = useState<Side>("customer");
  const [place, go] = usePlace();
  const handoffs = useHandoffs();
  const top = (
    <PageTop title={session.title} page={place.page}>
      <PageSwitch page={place.page} onGo={go} />
    </PageTop>
  );
  if (place.page === "knowledge") {
    return (
      <div className="console">
        {top}
        <KnowledgePage source={place.source} document={place.document} onGo={go} />
      </div>
    );
  }
  return (
    <div className="console" data-side={side}>
      {top}
      <SideSwitch side={side} waiting={handoffs.waiting} onChange={setSide} />
      <main className="sides">
        <ChatPane suggestions={session.suggestions} />
        <AgentsPane handoffs={handoffs} />
      </main>
    </div>
  );
}

function CustomerSide({ session }: { session: SessionView }) {
  return (
    <div className="console" data-side="customer">
      <PageTop title={session.title} />
      <main className="sides is-single">
        <ChatPane suggestions={session.suggestions} />
      </main>
    </div>
  );
}

function PageTop({ title, page = "desk", children }: { title: string; page?: Place["page"]; children?: ReactNode }) {
  return (
    <>
      {page === "desk" ? (
        <a className="skip-link" href="#question">
          Skip to the question field
        </a>
      ) : (
        <a className="skip-link" href="#knowledge">
          Skip to the sources
        </a>
      )}
      <Header title={title}>{children}</Header>
      <LineBanner />
    </>
  );
}
