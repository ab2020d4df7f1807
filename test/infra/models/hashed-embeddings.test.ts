import { describe, expect, it } from "vitest";
import { createHashedEmbeddings } from "../../../infra/models/local/hashed-embeddings.js";

const signal = new AbortController().signal;

function cosine(one: Float32Array, other: Float32Array): number {
  return one.reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0);
}

describe("hashed embeddings", () => {
  const model = createHashedEmbeddings();

  it("are unit vectors of the promised size, also of an empty text", async () => {
    const vectors = await model.embed(["Reset the router", "", "重置路由器", "!?"], signal);

    for (const vector of vectors) {
      expect(vector).toHaveLength(model.dimensions);
      expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
    }
  });

  it("are the same for the same text", async () => {
    const [one, again] = await model.embed(["Reset the router", "Reset the router"], signal);

    expect(one).toEqual(again);
  });

  it("put other forms and misspellings of words nearer than other words", async () => {
    const [question, near, far] = await model.embed(
      ["resetting paswords", "reset your password", "invoices of last month"],
      signal,
    );

    expect(cosine(question!, near!)).toBeGreaterThan(cosine(question!, far!) + 0.2);
  });
});
