import { createContext } from "react";
import type { Citation } from "../../../../src/ports/reply.js";

/** Opens what a citation points at. */
export const OpenCitationContext = createContext<(citation: Citation) => void>(() => undefined);
