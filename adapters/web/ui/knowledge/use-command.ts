import { useState } from "react";
import type { CommandResultView } from "../../api.js";
import { postJson, RequestError } from "../state/request.js";

export interface RunningCommand {
  readonly isRunning: boolean;
  readonly problem: string | null;
  /** What the newest command said; null while nothing was run, or what it said is put away. */
  readonly result: CommandResultView | null;
  run(line: string): Promise<void>;
  clear(): void;
}

/** Runs the same commands as a conversation does. */
export function useCommand(onDone: () => void): RunningCommand {
  const [isRunning, setIsRunning] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [result, setResult] = useState<CommandResultView | null>(null);
  const run = async (line: string): Promise<void> => {
    setIsRunning(true);
    setProblem(null);
    try {
      setResult(await postJson<CommandResultView>("/api/knowledge/commands", { line }));
    } catch (error) {
      setProblem(error instanceof RequestError ? error.message : "That did not work.");
    } finally {
      setIsRunning(false);
      onDone();
    }
  };
  return { isRunning, problem, result, run, clear: () => setResult(null) };
}
