import "@fontsource-variable/instrument-sans/wght.css";
import "@fontsource-variable/source-serif-4/wght.css";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/shell.css";
import "./styles/chat.css";
import "./styles/reply.css";
import "./styles/agents.css";
import "./styles/passage.css";
import "./styles/knowledge.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./shell/app.js";
import { applyChosenTheme } from "./shell/theme.js";

applyChosenTheme();

const root = document.getElementById("root");
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
