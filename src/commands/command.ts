import type { HandoffCommand } from "./handoff-command.js";
import type { KnowledgeCommand } from "./knowledge-command.js";
import type { LearningCommand } from "./learning-command.js";

/** What an operation does by its kind, besides those that have one of their own. */
export type ManagedCommand = KnowledgeCommand | LearningCommand | HandoffCommand;

/** A command as it was typed in a conversation, understood. */
export type Command =
  | { readonly kind: "help" }
  | { readonly kind: "kb-status" }
  | { readonly kind: "kb-add"; readonly location: string; readonly name: string | null }
  | { readonly kind: "kb-remove"; readonly source: string }
  | { readonly kind: "kb-sync"; readonly source: string | null; readonly confirmRemovals: boolean }
  | { readonly kind: "kb-search"; readonly text: string }
  | ManagedCommand
  /** The end of a confirmation's id, or the whole of it. */
  | { readonly kind: "confirm"; readonly code: string }
  | {
      readonly kind: "explain";
      /** Null: the newest answer where it is typed. */
      readonly answerId: string | null;
    }
  | { readonly kind: "doctor" }
  /** Not a command, or not one for a conversation. The message says what to type instead. */
  | { readonly kind: "not-understood"; readonly message: string };
