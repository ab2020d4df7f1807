import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The browser suite drives the product as it is installed, so that must have been built. */
export function setup(): void {
  for (const path of ["../../dist/infra/main.js", "../../dist/console/index.html"]) {
    const file = fileURLToPath(new URL(path, import.meta.url));
    if (!existsSync(file)) throw new Error(`${file} is missing: run \`npm run build\` first`);
  }
}
