import { expect, it } from "vitest";
import { addressOf, DESK, KNOWLEDGE, placeOf, type Place } from "../../../adapters/web/ui/state/place.js";

const opened = (source: string | null, document: string | null): Place => ({ page: "knowledge", source, document });

it.each([
  [DESK, "/"],
  [KNOWLEDGE, "/knowledge"],
  [opened("docs", null), "/knowledge?source=docs"],
  [opened("our docs", "a/b c.md?x=1&y#z"), "/knowledge?source=our+docs&document=a%2Fb+c.md%3Fx%3D1%26y%23z"],
])("a place and its address name each other: %j, %s", (place, address) => {
  expect(addressOf(place)).toBe(address);
  expect(placeOf(new URL(address, "http://desk.example"))).toEqual(place);
});

it.each([
  ["/knowledge/", KNOWLEDGE],
  ["/knowledge?document=a.md", KNOWLEDGE],
  ["/anything", DESK],
])("an address that no place writes leads somewhere all the same: %s", (address, place) => {
  expect(placeOf(new URL(address, "http://desk.example"))).toEqual(place);
});
