import { defineConfig } from "vite";
import react from "@vitejs/plugin-react";

export default defineConfig({
  root: "adapters/web/ui",
  plugins: [react()],
  build: {
    outDir: "../../../dist/console",
    emptyOutDir: true,
    // Nothing is inlined: the page runs under a policy that allows its own files only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // light-dark() and the rest of the stylesheet stay as they are written.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
  },
});
