import { defineConfig } from "vitest/config";

// `--mode screenshots` takes the pictures for docs/screenshots instead of running the suite.
export default defineConfig(({ mode }) => ({
  test: {
    include: mode === "screenshots" ? ["test/e2e/take-screenshots.ts"] : ["test/e2e/**/*.test.ts"],
    globalSetup: ["test/e2e/require-build.ts"],
    maxWorkers: 1,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
}));
