import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/bars/**/*.test.ts"],
    maxWorkers: 1,
    fileParallelism: false,
    testTimeout: 240_000,
  },
});
