import { BlockList, isIP } from "node:net";
import { UsageError } from "../../../src/ports/errors.js";
import { isNeverAllowedByName, isPublicAddress, plainAddress } from "./public-address.js";

/** Decides where may be connected to. */
export interface AddressPolicy {
  /** Whether the name may be asked for at all: names that by their rules never are public may not. */
  mayResolve(host: string): boolean;
  mayConnect(host: string, address: string): boolean;
}

/** Names that never belong to the public internet (RFC 6761, 6762, 8375; `internal` is reserved for private use). */
const PRIVATE_NAME = /(?:^|\.)(?:localhost|local|internal|intranet|lan|home\.arpa|onion|invalid)$/u;

/**
 * Public addresses, and what the operator allows besides.
 * @param allowedPrivateHosts host names (all but link-local and multicast addresses of theirs are allowed, and no other
 * name with the same address), addresses, and ranges such as `10.2.0.0/16`
 * @throws {UsageError} naming every entry that is none of these
 */
export function createAddressPolicy(allowedPrivateHosts: readonly string[]): AddressPolicy {
  const names = new Set<string>();
  const ranges = new BlockList();
  const wrong = allowedPrivateHosts.filter((entry) => !addRange(ranges, entry) && !addName(names, entry));
  if (wrong.length > 0) {
    throw new UsageError(
      `Not a host name, an address or a range such as 10.2.0.0/16: ${wrong.join(", ")}. Correct DESKHAND_ALLOWED_PRIVATE_HOSTS.`,
    );
  }
  return {
    mayResolve: (host) => names.has(host) || !PRIVATE_NAME.test(host),
    mayConnect(host, address) {
      if (isPublicAddress(address)) return true;
      const plain = plainAddress(address);
      if (plain === null) return false;
      return ranges.check(plain.address, plain.family) || (names.has(host) && !isNeverAllowedByName(address));
    },
  };
}

function addRange(ranges: BlockList, entry: string): boolean {
  const [network = "", prefix, ...others] = entry.split("/");
  const plain = plainAddress(network.replace(/^\[|\]$/gu, ""));
  if (plain === null || others.length > 0) return false;
  const width = plain.family === "ipv4" ? 32 : 128;
  const length = prefix === undefined ? width : /^\d{1,3}$/u.test(prefix) ? Number(prefix) : Number.NaN;
  if (!(length >= 0 && length <= width)) return false;
  ranges.addSubnet(plain.address, length, plain.family);
  return true;
}

function addName(names: Set<string>, entry: string): boolean {
  const name = entry.toLowerCase().replace(/\.$/u, "");
  const isName = isIP(name) === 0 && /^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_-]+)*$/u.test(name);
  if (isName) names.add(name);
  return isName;
}
