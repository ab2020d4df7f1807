import { FetchError } from "./fetch-error.js";

const MAX_URL_LENGTH = 4_000;

/**
 * Reads an address that is to be fetched. Numbers as hosts (octal, hexadecimal, short forms) come out as the address that
 * they mean, and a dot at the end of a name is dropped. @throws {FetchError}
 */
export function readFetchUrl(text: string, base?: string): URL {
  if (!URL.canParse(text, base)) {
    throw new FetchError("bad-url", "This is not a web address. Write it whole, with https:// in front.");
  }
  return checkFetchUrl(new URL(text, base));
}

function checkFetchUrl(url: URL): URL {
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new FetchError("bad-scheme", `Only http and https are fetched, not ${url.protocol} Give a web address.`);
  }
  if (url.username !== "" || url.password !== "") {
    const advice = "Take them out of it and give the source's secret instead.";
    throw new FetchError("credentials-in-url", `The address on ${url.host} holds a user name or password. ${advice}`);
  }
  if (url.href.length > MAX_URL_LENGTH) {
    throw new FetchError("bad-url", `An address on ${url.host} is longer than ${MAX_URL_LENGTH} characters.`);
  }
  url.hash = "";
  const host = url.hostname.replace(/\.+$/u, "");
  if (host !== url.hostname) url.hostname = host;
  if (url.hostname.endsWith(".") || host === "") {
    throw new FetchError("bad-url", "The address has no usable host. Check the name.");
  }
  return url;
}

/** The host as it is resolved: an IPv6 address without its brackets. */
export function hostOf(url: URL): string {
  return url.hostname.startsWith("[") ? url.hostname.slice(1, -1) : url.hostname;
}
