import type { WebMessage } from "../../src/ports/console.js";
import type { ProgramDependencies } from "./program-dependencies.js";
import { render, withoutControls } from "./terminal.js";

/** Shows a conversation's messages as they come and change. */
export interface ChatPrinter {
  show(message: WebMessage): void;
}

/** @param prompt takes the prompt's line away before something is printed, and puts it back afterwards. */
export function createChatPrinter(
  deps: Pick<ProgramDependencies, "stdout" | "env" | "renderReply">,
  prompt: { clear(): void; restore(): void },
): ChatPrinter {
  const complete = new Set<string>();
  let streamed: { readonly messageId: string; readonly text: string } | null = null;

  const showPartial = ({ messageId, partialText }: WebMessage): void => {
    if (deps.stdout.isTTY !== true) return;
    const text = withoutControls(partialText);
    const shown = streamed?.messageId === messageId ? streamed.text : "";
    if (shown === "") prompt.clear();
    deps.stdout.write(text.slice(shown.length));
    streamed = { messageId, text };
  };

  const showComplete = (message: WebMessage): void => {
    if (message.reply === null) return;
    if (streamed?.messageId === message.messageId) {
      deps.stdout.write(takeBack(streamed.text, deps.stdout.columns ?? 80, deps.stdout.rows ?? 24));
      streamed = null;
    } else {
      prompt.clear();
    }
    const edited = complete.has(message.messageId) ? " (edited)" : "";
    complete.add(message.messageId);
    const name = withoutControls(message.author.name);
    deps.stdout.write(`${name}${edited}: ${render(deps, message.reply)}\n\n`);
    prompt.restore();
  };

  return { show: (message) => (message.state === "streaming" ? showPartial(message) : showComplete(message)) };
}

/** The whole reply is printed over what was streamed of it, unless that has scrolled away. */
function takeBack(text: string, columns: number, rows: number): string {
  if (text === "") return "";
  if (columns === 0) return "\n\n";
  const lines = text.split("\n").reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / columns)), 0);
  if (lines >= rows) return "\n\n";
  return lines > 1 ? `\r\u001b[${lines - 1}A\u001b[J` : "\r\u001b[J";
}
