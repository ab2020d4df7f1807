import robotsParser from "robots-parser";
import { FetchError } from "./http/fetch-error.js";
import type { SafeFetch } from "./safe-fetch.js";
import { WebSourceError } from "./web-failures.js";

const ROBOT_NAME = "Deskhand";
const MAX_ROBOTS_BYTES = 512_000;
/** A site that asks for more is asked once in this time: else no sync of it would ever end. */
const MAX_CRAWL_DELAY_MS = 60_000;

/** What the robots.txt of one host says to us. */
export interface RobotsRules {
  isAllowed(pageUrl: string): boolean;
  readonly crawlDelayMs: number;
  readonly sitemaps: readonly string[];
}

// What Node imports from this CommonJS package is the function itself; its types say that it has to be taken out first.
const parseRobots = robotsParser as unknown as (typeof robotsParser)["default"];

const ALLOW_ALL: RobotsRules = { isAllowed: () => true, crawlDelayMs: 0, sitemaps: [] };

/**
 * Without a robots.txt (404 and the like) all is allowed; while it cannot be told, nothing is (RFC 9309).
 * @throws {WebSourceError} `robots-unavailable`
 */
export async function fetchRobots(fetch: SafeFetch, origin: string, signal: AbortSignal): Promise<RobotsRules> {
  const url = `${origin}/robots.txt`;
  try {
    const { status, bytes } = await fetch(url, { maxBytes: MAX_ROBOTS_BYTES }, signal);
    if (status >= 500 || status === 429) throw unavailable(url, `it answers ${status}`);
    return status === 200 ? readRobots(url, Buffer.from(bytes).toString("utf8")) : ALLOW_ALL;
  } catch (error) {
    if (error instanceof FetchError) throw unavailable(url, error.message, error);
    throw error;
  }
}

function readRobots(url: string, text: string): RobotsRules {
  const robots = parseRobots(url, text);
  return {
    isAllowed: (pageUrl) => robots.isAllowed(pageUrl, ROBOT_NAME) !== false,
    crawlDelayMs: Math.min((robots.getCrawlDelay(ROBOT_NAME) ?? 0) * 1_000, MAX_CRAWL_DELAY_MS),
    sitemaps: robots.getSitemaps(),
  };
}

function unavailable(url: string, why: string, cause?: unknown): WebSourceError {
  const message = `What may be read is not known, as ${url} cannot be had: ${why} Nothing was changed.`;
  return new WebSourceError("robots-unavailable", message, cause);
}
