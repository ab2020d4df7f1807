import type { Fault } from "./answer-cases.js";
import type { Rating } from "./ratings.js";

/**
 * The one reply format. A model's or a person's words are parsed once into this tree; Slack, Teams, web and terminal
 * each render it. Whatever a model, a document or a person wrote is always a `text` or `code` node: never markup.
 */
export interface Reply {
  readonly blocks: readonly Block[];
  /** What the numbers in `citation` nodes point at. Built from passages that were retrieved, never from model output. */
  readonly citations: readonly Citation[];
  readonly actions: readonly ReplyAction[];
}

export type Block =
  | { readonly kind: "paragraph"; readonly children: readonly Inline[] }
  | { readonly kind: "heading"; readonly children: readonly Inline[] }
  /** `ordered` lists are steps: renderers number them from `start`. */
  | {
      readonly kind: "list";
      readonly ordered: boolean;
      readonly start: number;
      readonly items: readonly (readonly Block[])[];
    }
  | { readonly kind: "code"; readonly language: string | null; readonly text: string }
  | { readonly kind: "quote"; readonly blocks: readonly Block[] }
  | { readonly kind: "table"; readonly header: readonly TableCell[]; readonly rows: readonly (readonly TableCell[])[] }
  | FileBlock;

/** A file that a person sent, where the platform does not show it itself. */
export interface FileBlock {
  readonly kind: "file";
  readonly name: string;
  readonly sizeBytes: number;
  /** Where it can be had for a while: an address, or a path on this server where it has no public address. */
  readonly url: string;
}

export type TableCell = readonly Inline[];

export type Inline =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "strong"; readonly children: readonly Inline[] }
  | { readonly kind: "emphasis"; readonly children: readonly Inline[] }
  | { readonly kind: "strike"; readonly children: readonly Inline[] }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "break" }
  /** One of the team, by the platform's id, who is told where the platform does that. Only from settings, never from words. */
  | { readonly kind: "mention"; readonly id: string; readonly name: string }
  /** A citation mark, shown as [number]. `number` is the `number` of one of the reply's citations. */
  | { readonly kind: "citation"; readonly number: number };

export interface Citation {
  /** 1, 2, 3 … in order of first use. */
  readonly number: number;
  readonly passageId: string;
  readonly documentId: string;
  readonly versionId: string;
  readonly title: string;
  readonly headingPath: readonly string[];
  /** Where the passage begins, in a file that has pages. */
  readonly page?: number;
  /** Where the document lives for people, when its source has an address; http or https only. */
  readonly url: string | null;
  readonly updatedAt: string | null;
}

/** What can be pressed about a handoff: by agents on its card, and by its customer when it was resolved. */
export const HANDOFF_ACTIONS = [
  "claim",
  "suggest",
  "resolve",
  "release",
  "return",
  "snooze",
  "reopen",
  "solved",
  "not-solved",
] as const;
export type HandoffActionName = (typeof HANDOFF_ACTIONS)[number];

const BY_CUSTOMER: ReadonlySet<ReplyAction["name"]> = new Set(["solved", "not-solved", "rate", "say-why"]);

/** Whether a reply is a handoff's card: whatever its state, agents can do something with it. */
export function isHandoffCard({ actions }: Reply): boolean {
  return actions.some((action) => "handoffId" in action && !BY_CUSTOMER.has(action.name));
}

/** What a person can press under a reply. The name comes back as an `action` event; authority is never read from it. */
export type ReplyAction =
  | { readonly name: "human" }
  | { readonly name: "helpful"; readonly answerId: string }
  | { readonly name: "not-helpful"; readonly answerId: string }
  /** What was wrong with an answer. */
  | { readonly name: "fault"; readonly answerId: string; readonly fault: Fault }
  /** The same in their own words; empty where it is offered. */
  | { readonly name: "fault-words"; readonly answerId: string; readonly words: string }
  | { readonly name: HandoffActionName; readonly handoffId: string }
  /** How a customer rates the help that they got. */
  | { readonly name: "rate"; readonly handoffId: string; readonly rating: Rating }
  /** What a customer adds to their rating: empty under a reply, where it asks for it. */
  | { readonly name: "say-why"; readonly handoffId: string; readonly words: string }
  /** Sends what the bot has suggested to the agents, as the reply of whoever presses. */
  | { readonly name: "send-suggestion"; readonly suggestionId: string }
  /** Decides about what handoffs taught, as the card shows it. `seen`: when it was changed last, as far as the card knows. */
  | {
      readonly name: "review";
      readonly candidateId: string;
      readonly seen: string;
      readonly verdict: "approve" | "reject";
    }
  /** Puts another answer in its place; on a card, the answer as it is. */
  | { readonly name: "review-edit"; readonly candidateId: string; readonly seen: string; readonly answer: string }
  /** Does what a command has asked its author to confirm. */
  | { readonly name: "confirm-command"; readonly confirmationId: string };

/** What is written in a way that says more, and holds what is written so. */
export type StyledInline = Extract<Inline, { readonly children: readonly Inline[] }>;

export function isStyled(inline: Inline): inline is StyledInline {
  return "children" in inline;
}

/** A reply of one or more plain paragraphs, for fixed texts and relayed words. */
export function plainReply(text: string, actions: readonly ReplyAction[] = []): Reply {
  const blocks = text
    .split(/\n{2,}/u)
    .map((part): Block => ({ kind: "paragraph", children: lines(part) }))
    .filter((block) => block.kind === "paragraph" && block.children.length > 0);
  return { blocks, citations: [], actions };
}

/** With files below the words. */
export function withFiles(reply: Reply, files: readonly Block[]): Reply {
  return files.length === 0 ? reply : { ...reply, blocks: [...reply.blocks, ...files] };
}

function lines(part: string): Inline[] {
  return part.split("\n").flatMap((text, index): Inline[] => {
    const line: Inline[] = text === "" ? [] : [{ kind: "text", text }];
    return index === 0 ? line : [{ kind: "break" }, ...line];
  });
}
