import { expect, it } from "vitest";
import { emailDomain } from "../../../src/text/email-domain.js";

it.each([
  ["Cora@Acme.Example", "acme.example"],
  [" cora@acme.example ", "acme.example"],
  ["acme.example", null],
  ["a@b@acme.example", null],
  ["cora@", null],
  ["", null],
  [null, null],
  [undefined, null],
])("the domain of %s is %s", (address, domain) => {
  expect(emailDomain(address)).toBe(domain);
});
