import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/faults/**", "test/e2e/**", "test/bars/**", "test/chaos/**", "test/parity/**"],
    globalSetup: ["test/support/global-setup.ts"],
    maxWorkers: 2,
    // A third of the time would go into loading the same modules anew for each file.
    isolate: false,
    testTimeout: 20_000,
    hookTimeout: 60_000,
    restoreMocks: true,
  },
});
