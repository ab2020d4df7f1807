import { fixedTextLanguage, type FixedTextLanguage } from "../answering/fixed-texts.js";
import { recogniseLanguage } from "../answering/stages/language.js";
import { agentName, type AgentNames } from "../handoff/agent-names.js";
import type { HandoffTranscript, TranscriptLine } from "../ports/handoff-reports.js";

/** A transcript without notes, in which agents have the names that their customer sees. */
export async function asCustomerSees(
  { handoff, entries, isCut }: HandoffTranscript,
  agentNames: AgentNames,
): Promise<HandoffTranscript> {
  const language = await languageOf(entries);
  const shown = (name: string) => agentName(agentNames, name, language);
  return {
    handoff: { ...handoff, claimedBy: handoff.claimedBy === null ? null : shown(handoff.claimedBy) },
    entries: entries.map((entry) => (entry.speaker === "agent" ? { ...entry, name: shown(entry.name) } : entry)),
    isCut,
  };
}

async function languageOf(entries: readonly TranscriptLine[]): Promise<FixedTextLanguage> {
  const said = entries.flatMap(({ speaker, text }) =>
    speaker === "customer" ? [{ role: speaker, text } as const] : [],
  );
  const { code } = await recogniseLanguage(said.at(-1)?.text ?? "", said);
  return fixedTextLanguage(code);
}
