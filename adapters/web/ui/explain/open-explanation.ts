import { createContext } from "react";

/** Shows how an answer came to be. Null for customers, who are not shown that it can be asked. */
export const OpenExplanationContext = createContext<((answerId: string) => void) | null>(null);
