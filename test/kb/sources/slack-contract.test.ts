import { networkSourceContract, type NetworkPlace } from "../../contracts/network-source-contract.js";
import { FakeSlack } from "../../fakes/slack/fake-slack.js";
import { answeredThread, fetchOfSlack } from "../../support/slack-place.js";
import type { VendorFault } from "../../support/vendor-server.js";

/** Gaps between requests are shorter than any pause that Slack asks for. */
const FAST = 600;
const LEAST_PAUSE_MS = 5_000;

async function openSlack(): Promise<NetworkPlace> {
  const fake = await FakeSlack.start();
  fake.paging.mostInOnePage = 2;
  const threads = ["reset my password", "pay by invoice", "export all data", "add a member", "close an account"].map(
    (what) => answeredThread(fake, `How do I ${what}?`, `Open the settings to ${what}, and follow the steps there.`),
  );
  const waitsMs: number[] = [];
  const fetch = fetchOfSlack(fake, waitsMs);
  let fault: VendorFault = "none";
  const threadOf = (externalId: string) => threads.find(({ id }) => id === externalId)!;
  return {
    server: {
      fetch(url, options, signal) {
        const method = new URL(url).pathname.slice("/api/".length);
        if (fault === "unauthorized") fake.faults.next(method, { kind: "status", status: 401 });
        if (fault === "login-page") fake.faults.next(method, { kind: "status", status: 200 });
        return fetch(url, options, signal);
      },
      get requests() {
        return fake.calls.map(({ method }) => method);
      },
      get waitsMs() {
        return waitsMs.filter((ms) => ms >= LEAST_PAUSE_MS);
      },
      limitOnce: (retryAfterSeconds) => fake.faults.next("auth.test", { kind: "rate-limit", retryAfterSeconds }),
      get fault() {
        return fault;
      },
      set fault(next) {
        fault = next;
        fake.paging.repeatsCursor = next === "repeating-cursor";
      },
    },
    workDirectory: "/nonexistent",
    record: { kind: "slack", location: "C0GENERAL", options: { requestsPerMinute: FAST } },
    secret: fake.botToken(),
    documents: threads.map(({ id }) => id),
    // Whether an answer was accepted shows only in its thread, so that listing reads them all, and reading one asks nothing.
    asksForDocument: /(?!)/u,
    change: (externalId, text) => void fake.people.edit("Ben", threadOf(externalId).answer, text),
    remove: (externalId) => void fake.people.removeRoot("Anna", threadOf(externalId).question),
    narrow: null,
    [Symbol.asyncDispose]: () => fake[Symbol.asyncDispose](),
  };
}

networkSourceContract("slack", openSlack);
