import { BlockList, isIP } from "node:net";

type Range = readonly [network: string, prefix: number];

/** IANA's special-purpose IPv4 blocks, and one address by which a cloud's machines reach their host. */
const NON_PUBLIC_IPV4: readonly Range[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["168.63.129.16", 32],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
];

/** Global unicast: all that is outside of it is loopback, private, link-local, multicast or not assigned. */
const GLOBAL_IPV6: Range = ["2000::", 3];

/** Inside of global unicast: protocol assignments with Teredo, documentation, 6to4 (whatever it embeds), documentation. */
const NON_PUBLIC_IPV6: readonly Range[] = [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
];

/** IPv6 addresses whose last 32 bits are the IPv4 address that is really meant: mapped, and NAT64. */
const EMBEDDING_PREFIXES = ["0:0:0:0:0:ffff", "64:ff9b:0:0:0:0"];

const nonPublicIpv4 = blockListOf(NON_PUBLIC_IPV4, "ipv4");
const nonPublicIpv6 = blockListOf(NON_PUBLIC_IPV6, "ipv6");
const globalIpv6 = blockListOf([GLOBAL_IPV6], "ipv6");

// Never allowed by a name: link-local is where the metadata services of clouds are, the others are no single machine.
const neverByNameIpv4 = blockListOf(
  [
    ["0.0.0.0", 8],
    ["168.63.129.16", 32],
    ["169.254.0.0", 16],
    ["224.0.0.0", 4],
    ["240.0.0.0", 4],
  ],
  "ipv4",
);
const neverByNameIpv6 = blockListOf(
  [
    ["fd00:ec2::", 32],
    ["fe80::", 10],
    ["ff00::", 8],
    ["::", 128],
  ],
  "ipv6",
);

function blockListOf(ranges: readonly Range[], family: "ipv4" | "ipv6"): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of ranges) list.addSubnet(network, prefix, family);
  return list;
}

/** Whether the address is one of the public internet. What is not understood is not public. */
export function isPublicAddress(address: string): boolean {
  const plain = plainAddress(address);
  if (plain === null) return false;
  if (plain.family === "ipv4") return !nonPublicIpv4.check(plain.address, "ipv4");
  return globalIpv6.check(plain.address, "ipv6") && !nonPublicIpv6.check(plain.address, "ipv6");
}

/** Whether a name that is allowed to be private may still not lead there. */
export function isNeverAllowedByName(address: string): boolean {
  const plain = plainAddress(address);
  if (plain === null) return true;
  return (plain.family === "ipv4" ? neverByNameIpv4 : neverByNameIpv6).check(plain.address, plain.family);
}

export interface PlainAddress {
  readonly address: string;
  readonly family: "ipv4" | "ipv6";
}

/** The address that packets go to: an IPv4 address inside an IPv6 one is that IPv4 address. Null for no address. */
export function plainAddress(address: string): PlainAddress | null {
  switch (isIP(address)) {
    case 4:
      return { address, family: "ipv4" };
    case 6: {
      // A zone index (fe80::1%eth0) is only ever on addresses that are not public.
      const groups = ipv6Groups(address.replace(/%.*$/u, ""));
      return embeddedIpv4(groups) ?? { address: groups.join(":"), family: "ipv6" };
    }
    default:
      return null;
  }
}

function embeddedIpv4(groups: readonly string[]): PlainAddress | null {
  if (!EMBEDDING_PREFIXES.includes(groups.slice(0, 6).join(":"))) return null;
  const bytes = groups.slice(6).flatMap((group) => {
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
  return { address: bytes.join("."), family: "ipv4" };
}

/** The eight groups of a valid IPv6 address, without leading zeros. The URL parser turns a dotted end into groups. */
function ipv6Groups(address: string): readonly string[] {
  const compressed = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const [head = "", tail] = compressed.split("::");
  const before = head === "" ? [] : head.split(":");
  if (tail === undefined) return before;
  const after = tail === "" ? [] : tail.split(":");
  return [...before, ...Array<string>(8 - before.length - after.length).fill("0"), ...after];
}
