import { describe, expect, it } from "vitest";
import { toDatabaseError } from "../../../infra/postgres/database-error.js";

function messageFor(code: string, message: string): string {
  return toDatabaseError(Object.assign(new Error(message), { code })).message;
}

describe("a server that lets nobody in", () => {
  it.each([
    ["3D000", 'database "help" does not exist', /^the database help does not exist: .*createdb help\).*DATABASE_URL$/u],
    ["3D000", "nicht da", /^the database that DATABASE_URL names does not exist: .*createdb\)/u],
    ["28P01", 'password authentication failed for user "desk"', /refused the user's password: .*DATABASE_URL$/u],
    ["28000", 'role "desk" does not exist', /^the database does not let desk in: check the user in DATABASE_URL/u],
    ["28000", "no entry", /^the database does not let the user in: /u],
  ])("with %s (%s) is said in words, with what to do", (code, message, expected) => {
    expect(messageFor(code, message)).toMatch(expected);
  });

  it("is no reason to repeat what a statement held", () => {
    expect(messageFor("22P02", 'invalid input syntax: "secret"')).toBe(
      "the database refused a statement with SQLSTATE 22P02",
    );
  });
});
