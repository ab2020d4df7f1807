import fc from "fast-check";
import { expect, it } from "vitest";
import { findAbbreviations, fromStored, toStored } from "../../../kb/search/abbreviations.js";

it.each([
  ["Turn on multi-factor authentication (MFA) first.", "MFA", "multi-factor authentication"],
  ["Use MFA (multi-factor authentication) always", "MFA", "multi-factor authentication"],
  ["With two-factor authentication (2FA) nobody else signs in.", "2FA", "two-factor authentication"],
  ["Sign in by single sign-on (SSO).", "SSO", "single sign-on"],
  ["Ask the Social Security Administration (SSA).", "SSA", "Social Security Administration"],
  ["Key performance indicators (KPIs) are shown", "KPIs", "Key performance indicators"],
  ["Wi-Fi Protected Access 3 (WPA3) is on", "WPA3", "Wi-Fi Protected Access 3"],
  ["**multi-factor authentication** (`MFA`)", "MFA", "multi-factor authentication"],
  ["multi-factor authentication（MFA）", "MFA", "multi-factor authentication"],
  ["l'authentification multi-facteurs (AMF)", "AMF", "authentification multi-facteurs"],
])("reads in %j that %s is %s", (text, short, long) => {
  expect(findAbbreviations(text)).toEqual([{ short, long }]);
});

it.each([
  "Press Save (top right).",
  "Information technology (IT) helps",
  "The office (in Berlin) and WLAN (fast)",
  "The Cloud Application Programming Model (CAP)",
  "Ask us. Single sign-on (XYZ)",
  "An open (bracket",
  "Virtual private\n\nnetworks (VPN",
  "(SSO)",
  "İİİ Multi factor authentication (MFA)",
])("reads no abbreviation in %j", (text) => {
  expect(findAbbreviations(text)).toEqual([]);
});

it("takes time in proportion to a text of brackets", () => {
  expect(findAbbreviations(`${"(".repeat(500_000)})`)).toEqual([]);
});

it("ends for any text, and keeps what it found as one line", () => {
  const piece = fc.constantFrom(
    "(",
    ")",
    "MFA",
    "multi",
    "-",
    " ",
    "factor",
    "authentication",
    "\n",
    "=",
    "2FA",
    "é",
    ".",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      for (const found of findAbbreviations(pieces.join(""))) {
        expect(toStored(found)).not.toContain("\n");
        expect(fromStored(toStored(found))).toEqual(found);
      }
    }),
  );
});
