import { lookup as systemLookup } from "node:dns/promises";
import { isIP } from "node:net";
import type { LookupFunction, Socket } from "node:net";
import type { AddressPolicy } from "./address-policy.js";
import { FetchError, unknownHost } from "./fetch-error.js";

/** The addresses of a name. Injected, so that tests can own what a name means. */
export type ResolveHost = (host: string) => Promise<readonly string[]>;

export const resolveBySystem: ResolveHost = async (host) => {
  const found = await systemLookup(host, { all: true, verbatim: true });
  return found.map(({ address }) => address);
};

/** Names that by RFC 6761 no name server knows; they are not asked for. */
const NEVER_RESOLVES = /(?:^|\.)invalid$/u;

/** @throws {FetchError} for a host that is an address, or a name that by itself says so, and is not public. */
export function refusePrivateHost(policy: AddressPolicy, host: string): void {
  if (isIP(host) !== 0 ? policy.mayConnect(host, host) : policy.mayResolve(host)) return;
  // As a name server would say, so that it is not asked for again.
  throw NEVER_RESOLVES.test(host) ? unknownHost(host, { code: "ENOTFOUND" }) : blocked(host);
}

/**
 * For `net.connect`: resolves a name once and gives exactly the addresses that were checked, so that a second answer of
 * the name server is never asked for. A name with a single address that is not allowed is refused whole.
 */
export function createCheckedLookup(policy: AddressPolicy, resolve: ResolveHost): LookupFunction {
  return (host, options, callback) => {
    resolveChecked(policy, resolve, host).then(
      (addresses) => {
        const all = addresses.map((address) => ({ address, family: isIP(address) }));
        const [first] = all;
        if (options.all === true) callback(null, all);
        else if (first !== undefined) callback(null, first.address, first.family);
      },
      (error: unknown) => callback(error instanceof Error ? error : new Error("the name was not resolved"), ""),
    );
  };
}

async function resolveChecked(policy: AddressPolicy, resolve: ResolveHost, host: string): Promise<readonly string[]> {
  const addresses = await resolve(host);
  if (addresses.length === 0) throw unknownHost(host);
  if (addresses.some((address) => !policy.mayConnect(host, address))) throw blocked(host);
  return addresses;
}

/** The last check, on the socket itself: whatever led to this connection, nothing is sent over it. */
export function refusePrivatePeer(policy: AddressPolicy, host: string, socket: Socket): void {
  const { remoteAddress } = socket;
  if (remoteAddress !== undefined && !policy.mayConnect(host, remoteAddress)) socket.destroy(blocked(host));
}

function blocked(host: string): FetchError {
  const fact = `${host} is not on the public internet, and nothing was asked of it.`;
  const advice = "If it is a place of your own, list it in DESKHAND_ALLOWED_PRIVATE_HOSTS.";
  return new FetchError("blocked-address", `${fact} ${advice}`);
}
