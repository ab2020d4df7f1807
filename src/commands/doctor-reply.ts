import type { Block, Inline, Reply } from "../ports/reply.js";
import type { DoctorFinding, DoctorReport } from "./operations.js";
import { bullets, paragraph, reply, strong, text } from "./reply-blocks.js";

/** What is on, off and broken; broken first, because something must be done about it. */
export function doctorReply({ checks }: DoctorReport): Reply {
  const broken = checks.filter(({ state }) => state === "broken");
  const verdict =
    broken.length === 0 ? "Nothing is broken." : `${broken.length} of ${checks.length} checks are broken.`;
  return reply(
    ...section("Broken", broken),
    ...section(
      "On",
      checks.filter(({ state }) => state === "on"),
    ),
    ...section(
      "Off",
      checks.filter(({ state }) => state === "off"),
    ),
    paragraph(text(verdict)),
  );
}

function section(heading: string, findings: readonly DoctorFinding[]): readonly Block[] {
  return findings.length === 0 ? [] : [paragraph(strong(heading)), bullets(findings.map(line))];
}

function line({ name, detail, advice }: DoctorFinding): readonly Inline[] {
  return [strong(name), text(`: ${detail}${advice === null ? "" : ` → ${advice}`}`)];
}
