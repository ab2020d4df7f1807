import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createAddressPolicy } from "../../../kb/sources/http/address-policy.js";
import { readFetchUrl } from "../../../kb/sources/http/fetch-url.js";
import { isPublicAddress } from "../../../kb/sources/http/public-address.js";

/** First and last address of each block that is not public, as numbers: another form than the one the code has. */
const NON_PUBLIC: readonly (readonly [number, number])[] = [
  [0x00000000, 0x00ffffff],
  [0x0a000000, 0x0affffff],
  [0x64400000, 0x647fffff],
  [0x7f000000, 0x7fffffff],
  [0xa83f8110, 0xa83f8110],
  [0xa9fe0000, 0xa9feffff],
  [0xac100000, 0xac1fffff],
  [0xc0000000, 0xc00000ff],
  [0xc0000200, 0xc00002ff],
  [0xc0586300, 0xc05863ff],
  [0xc0a80000, 0xc0a8ffff],
  [0xc6120000, 0xc613ffff],
  [0xc6336400, 0xc63364ff],
  [0xcb007100, 0xcb0071ff],
  [0xe0000000, 0xffffffff],
];

const bytesOf = (value: number): number[] => [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff);
const dotted = (value: number): string => bytesOf(value).join(".");
const hex = (value: number): string => value.toString(16);

/** Each way to write an IPv4 address inside an IPv6 one that leads to it. */
const EMBEDDINGS: readonly ((value: number) => string)[] = [
  dotted,
  (value) => `::ffff:${dotted(value)}`,
  (value) => `::ffff:${hex(value >>> 16)}:${hex(value & 0xffff)}`,
  (value) => `0:0:0:0:0:FFFF:${dotted(value)}`,
  (value) => `64:ff9b::${dotted(value)}`,
];

/** Each way in which a URL may name an IPv4 address. */
const SPELLINGS: readonly ((value: number) => string)[] = [
  dotted,
  (value) => `${dotted(value)}.`,
  (value) => String(value),
  (value) => `0x${hex(value)}`,
  (value) =>
    bytesOf(value)
      .map((byte) => `0${byte.toString(8)}`)
      .join("."),
  (value) =>
    bytesOf(value)
      .map((byte) => `0X${hex(byte)}`)
      .join("."),
  (value) => `${value >>> 24}.${value & 0xffffff}`,
  (value) => encodeURIComponent(dotted(value)).replaceAll(".", "%2E"),
  (value) => dotted(value).replaceAll(".", "。"),
  (value) => `[::ffff:${dotted(value)}]`,
];

const nonPublicValue = fc
  .constantFrom(...NON_PUBLIC)
  .chain(([first, last]) => fc.oneof(fc.constantFrom(first, last), fc.integer({ min: first, max: last })));
const anyValue = fc.oneof(
  fc.integer({ min: 0, max: 0xffffffff }),
  fc.constantFrom(
    ...NON_PUBLIC.flatMap(([first, last]) => [first - 1, last + 1]).filter((v) => v >= 0 && v <= 0xffffffff),
  ),
);
const isNonPublic = (value: number): boolean => NON_PUBLIC.some(([first, last]) => value >= first && value <= last);

describe("which addresses are public", () => {
  it("no address of a block that is not public is, in whatever form it is embedded", () => {
    fc.assert(
      fc.property(nonPublicValue, fc.constantFrom(...EMBEDDINGS), (value, embed) => {
        expect(isPublicAddress(embed(value))).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  it("every IPv4 address is public exactly when it lies in none of the blocks, also embedded", () => {
    fc.assert(
      fc.property(anyValue, fc.constantFrom(...EMBEDDINGS), (value, embed) => {
        expect(isPublicAddress(embed(value))).toBe(!isNonPublic(value));
      }),
      { numRuns: 5_000 },
    );
  });

  it("however a URL spells an IPv4 address, it is refused when the address is not public", () => {
    const policy = createAddressPolicy([]);
    fc.assert(
      fc.property(nonPublicValue, fc.constantFrom(...SPELLINGS), (value, spell) => {
        const host = readFetchUrl(`http://${spell(value)}/`).hostname.replace(/^\[|\]$/gu, "");
        expect(policy.mayConnect(host, host)).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  it("outside of global unicast no IPv6 address is public but those that embed a public IPv4 address", () => {
    const group = fc.integer({ min: 0, max: 0xffff });
    const first = group.filter((value) => value >>> 13 !== 1 && value !== 0 && value !== 0x64);
    fc.assert(
      fc.property(first, fc.array(group, { minLength: 7, maxLength: 7 }), (head, rest) => {
        expect(isPublicAddress([head, ...rest].map(hex).join(":"))).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ["::1", false],
    ["::", false],
    ["::7f00:1", false],
    ["::8.8.8.8", false],
    ["fe80::1%eth0", false],
    ["fd00:ec2::254", false],
    ["ff02::1", false],
    ["64:ff9b:1::808:808", false],
    ["2001::1", false],
    ["2001:db8::1", false],
    ["2002:808:808::1", false],
    ["3fff::1", false],
    ["5f00::1", false],
    ["2606:4700::1111", true],
    ["2a00:1450:4001:82a::200e", true],
    ["not an address", false],
    ["", false],
  ])("%s: public is %s", (address, expected) => {
    expect(isPublicAddress(address)).toBe(expected);
  });
});

describe("allowed private hosts", () => {
  it("a range allows its addresses under every name, and no others", () => {
    const policy = createAddressPolicy(["10.2.0.0/16", "fd12::/16", "192.168.1.7"]);
    expect(
      ["10.2.3.4", "::ffff:10.2.3.4", "fd12::5", "192.168.1.7"].map((a) => policy.mayConnect("x.test", a)),
    ).toEqual([true, true, true, true]);
    expect(["10.3.0.1", "fd13::5", "192.168.1.8", "127.0.0.1"].map((a) => policy.mayConnect("x.test", a))).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  it("a name allows its own private addresses, not those of the metadata services, and nothing to other names", () => {
    const policy = createAddressPolicy(["Wiki.Corp.internal."]);
    expect(policy.mayResolve("wiki.corp.internal")).toBe(true);
    expect(policy.mayConnect("wiki.corp.internal", "10.0.0.5")).toBe(true);
    for (const address of [
      "169.254.169.254",
      "::ffff:169.254.169.254",
      "fd00:ec2::254",
      "168.63.129.16",
      "0.0.0.0",
      "::",
    ]) {
      expect(policy.mayConnect("wiki.corp.internal", address)).toBe(false);
    }
    expect(policy.mayConnect("other.corp.internal", "10.0.0.5")).toBe(false);
    expect(policy.mayResolve("other.corp.internal")).toBe(false);
  });

  it("an entry that is none is named", () => {
    expect(() => createAddressPolicy(["wiki.corp", "10.0.0.0/33", "http://x", "a b", "10.0.0.0/8/8"])).toThrow(
      "10.0.0.0/33, http://x, a b, 10.0.0.0/8/8",
    );
  });
});
