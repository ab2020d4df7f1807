import type { ReactNode } from "react";
import { Button } from "react-aria-components";
import type { KnowledgeView } from "../../api.js";
import type { LiveNews } from "../state/live.js";
import { useResource } from "../state/resource.js";
import { BellMark, BookIcon, MoonIcon, SunIcon } from "./icons.js";
import { useTheme } from "./theme.js";

/** @param children what the session may switch to */
export function Header({ title, children }: { title: string; children: ReactNode }) {
  return (
    <header className="page-header">
      <div className="brand">
        <BellMark />
        <h1>{title}</h1>
      </div>
      <KnowledgeSummary />
      {children}
      <ThemeButton />
    </header>
  );
}

const concernsKnowledge = (news: LiveNews) => news.topic === "knowledge";

function KnowledgeSummary() {
  const { data } = useResource<KnowledgeView>("/api/knowledge", concernsKnowledge);
  return (
    <p className="knowledge-summary">
      <BookIcon size={16} />
      {data === null ? <span>Reading the shelves…</span> : <Summary knowledge={data} />}
    </p>
  );
}

function Summary({ knowledge: { sources, documents } }: { knowledge: KnowledgeView }) {
  const [first, ...others] = sources;
  if (first === undefined) return <span>No documents yet. Add some with: deskhand kb add</span>;
  const place = others.length > 0 ? `${sources.length} sources` : first.isDemo ? "Demo knowledge base" : first.name;
  return (
    <>
      <span className="knowledge-place">{place}</span>
      <span>
        {documents} {documents === 1 ? "document" : "documents"}
      </span>
    </>
  );
}

function ThemeButton() {
  const [theme, choose] = useTheme();
  const next = theme === "dark" ? "light" : "dark";
  return (
    <Button className="icon-button" aria-label={`Switch to ${next} colours`} onPress={() => choose(next)}>
      {theme === "dark" ? <SunIcon /> : <MoonIcon />}
    </Button>
  );
}
