import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findSecrets, maskSecrets } from "../../../src/text/find-secrets.js";

const LETTERS = "abcdefghijklmnopqrstuvwxyz";
const ALNUM = `${LETTERS}${LETTERS.toUpperCase()}0123456789`;

/** Characters at random, the first of them of each kind. */
function randomOf(characters: string, length: number): fc.Arbitrary<string> {
  const rest = fc.string({
    unit: fc.constantFrom(...Array.from(characters)),
    minLength: length - 3,
    maxLength: length - 3,
  });
  return rest.map((text) => `a7K${text}`);
}

const capitals = fc.string({
  unit: fc.constantFrom(...Array.from(`${LETTERS.toUpperCase()}0123456789`)),
  minLength: 16,
  maxLength: 16,
});
const base64url = `${ALNUM}-_`;

/** What each provider gives out, with random characters. */
const CREDENTIALS: readonly (readonly [name: string, made: fc.Arbitrary<string>])[] = [
  ["a Slack token", randomOf(ALNUM, 24).map((end) => `xoxb-123456789012-1234567890123-${end}`)],
  ["a Slack token", randomOf(ALNUM, 64).map((end) => `xapp-1-A0123456789-1234567890123-${end}`)],
  [
    "the address of a Slack webhook",
    randomOf(ALNUM, 24).map((end) => `https://hooks.slack.com/services/T0123ABCD/B0123ABCD/${end}`),
  ],
  ["an AWS access key", capitals.map((end) => `AKIA${end}`)],
  ["an AWS secret key", randomOf(`${ALNUM}/+`, 40).map((end) => `aws_secret_access_key = ${end}`)],
  ["a GitHub token", randomOf(ALNUM, 36).map((end) => `ghp_${end}`)],
  ["a GitHub token", randomOf(ALNUM, 59).map((end) => `github_pat_11ABCDEFG0123456789abc_${end}`)],
  ["a GitLab token", randomOf(base64url, 20).map((end) => `glpat-${end}`)],
  ["an API key of OpenAI or the like", randomOf(ALNUM, 48).map((end) => `sk-${end}`)],
  ["an API key of OpenAI or the like", randomOf(base64url, 100).map((end) => `sk-proj-${end}`)],
  ["an API key of OpenAI or the like", randomOf(base64url, 93).map((end) => `sk-ant-api03-${end}`)],
  ["a Stripe key", randomOf(ALNUM, 24).map((end) => `sk_live_${end}`)],
  ["a Google key", randomOf(base64url, 35).map((end) => `AIza${end}`)],
  ["a Google key", randomOf(base64url, 28).map((end) => `GOCSPX-${end}`)],
  ["a key of Azure storage", randomOf(`${ALNUM}+/`, 86).map((end) => `AccountName=shop;AccountKey=${end}==`)],
  ["an npm token", randomOf(ALNUM, 36).map((end) => `npm_${end}`)],
  ["a SendGrid key", fc.tuple(randomOf(base64url, 22), randomOf(base64url, 43)).map(([id, end]) => `SG.${id}.${end}`)],
  ["a private key", randomOf(`${ALNUM}+/`, 64).map((line) => `-----BEGIN RSA PRIVATE KEY-----\n${line}\n`)],
  [
    "a signed token (JWT)",
    fc
      .tuple(randomOf(base64url, 30), randomOf(base64url, 43))
      .map(([body, end]) => `eyJhbGciOiJIUzI1NiJ9.eyJ${body}.${end}`),
  ],
  ["a bearer token", randomOf(ALNUM, 32).map((end) => `Authorization: Bearer ${end}`)],
  ["a password in an address", randomOf(ALNUM, 10).map((word) => `postgres://app:${word}@db.example.com/shop`)],
];

const lorem = fc.lorem({ maxCount: 12, mode: "words" });
/** How words and a credential come to stand beside one another in a chat. */
const FRAMES: readonly ((words: string, secret: string) => string)[] = [
  (words, secret) => `${words} ${secret} ${words}`,
  (words, secret) => `${words}: \`${secret}\`.`,
  (words, secret) => `"${secret}", ${words}`,
  (words, secret) => `<${secret}>\n${words}`,
];

describe("credentials are found", () => {
  it.each(CREDENTIALS)("%s, wherever it stands in a message", (name, made) => {
    fc.assert(
      fc.property(made, lorem, fc.constantFrom(...FRAMES), (secret, words, frame) => {
        expect(findSecrets(frame(words, secret))).toContain(name);
      }),
      { numRuns: 60 },
    );
  });

  it("all that a text holds, each kind once", () => {
    const text = "xoxb-1234567890-abcdefghijklmnop and AKIAIOSFODNN7EXAMPLE and xoxp-1234567890-abcdefghijklmnop";
    expect(findSecrets(text)).toEqual(["a Slack token", "an AWS access key"]);
  });

  it("in the wide letters of other keyboards, too", () => {
    expect(findSecrets("ＡＫＩＡＩＯＳＦＯＤＮＮ７ＥＸＡＭＰＬＥ")).toEqual(["an AWS access key"]);
  });
});

const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(...Array.from("0123456789abcdef")), minLength: length, maxLength: length });
const slug = fc
  .array(fc.constantFrom("sk", "blue", "hub", "v2", "pro", "2024", "task", "desk", "ask", "xl", "Bearer"), {
    minLength: 1,
    maxLength: 9,
  })
  .map((words) => words.join("-"));

/** What agents write all day, and what looks random in it. */
const ORDINARY: readonly (readonly [name: string, made: fc.Arbitrary<string>])[] = [
  ["words", lorem],
  ["any characters", fc.string({ unit: "grapheme", maxLength: 200 })],
  ["UUIDs", fc.uuid()],
  ["git hashes", hex(40)],
  ["SHA-256 sums", hex(64).map((sum) => `sha256:${sum}`)],
  ["order numbers", fc.nat(999_999_999).map((number) => `SK-${String(number).padStart(12, "0")}`)],
  ["serial numbers", capitals.map((text) => `DH-${text}`)],
  ["card references", fc.nat(9_999).map((number) => `•••• ${String(number).padStart(4, "0")}`)],
  ["addresses of pages", fc.webUrl({ withQueryParameters: true, withFragments: true })],
  [
    "addresses with a port",
    fc
      .tuple(fc.domain(), fc.integer({ min: 1, max: 65_535 }), slug)
      .map(([host, port, path]) => `https://${host}:${port}/@${path}/${path}`),
  ],
  ["names of pages", slug.map((path) => `https://shop.example.com/products/${path}?ref=${path}`)],
  ["slugs", slug],
  ["e-mail addresses", fc.emailAddress()],
  ["tracking numbers", fc.tuple(capitals, fc.nat(999_999)).map(([text, number]) => `1Z${text}${number}`)],
  ["times", fc.date({ noInvalidDate: true }).map((date) => date.toISOString())],
  ["base64 of words", lorem.map((words) => Buffer.from(words).toString("base64"))],
];

describe("ordinary words are none", () => {
  it.each(ORDINARY)("%s", (_, made) => {
    fc.assert(
      fc.property(made, lorem, fc.constantFrom(...FRAMES), (text, words, frame) => {
        expect(findSecrets(frame(words, text))).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  it.each([
    "Set DATABASE_URL to postgres://user:password@localhost:5432/shop",
    "Set DATABASE_URL to postgres://user:<password>@host/shop, or postgres://user:$PGPASSWORD@host/shop",
    "Enter https://bot_email:bot_api_key@chat.example.com/api/v1/external as the address",
    "The token begins with xoxb- and the key with sk-, for example xoxb-your-token-here or sk-your-api-key-here-please",
    "Send the header Authorization: Bearer YOUR_ACCESS_TOKEN_GOES_HERE",
    "We use bearer authentication, see https://docs.example.com/bearer/token-authentication",
    "Copy all from -----BEGIN PRIVATE KEY----- to -----END PRIVATE KEY----- into the field.",
    "Paste the -----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYDVQQG",
    "Your publishable key is pk_live_a7Kb3Cd9EfGh1IjKl2MnOp3Q, that one may be public.",
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0a7Kb3Cd9EfGh1IjKl2MnOp3QrStUv4WxYz5 ana@laptop",
    "The step is called task-proj-4-Review-of-Blue-Widgets-2024",
  ])("%s", (text) => {
    expect(findSecrets(text)).toEqual([]);
  });

  it("is quick about long texts that begin like one again and again", () => {
    const started = performance.now();
    for (const piece of ["xoxb-", "a://b:", "-----BEGIN PRIVATE KEY-----", "eyJ", "SG.", "sk-proj-", "bearer "]) {
      findSecrets(piece.repeat(40_000 / piece.length));
    }
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

describe("a text whose credentials were taken out", () => {
  it.each([
    ["My key sk-proj-abcdefghijklmnopqrst1234567890 gives 401", "My key [secret] gives 401"],
    ["Use xoxb-1234567890-abcdefghijklmnop, please", "Use [secret], please"],
    ["It is postgres://ana:hunter22@db.example.com/x", "It is [secret]b.example.com/x"],
    ["Order 4711, nothing else", "Order 4711, nothing else"],
  ])("%s", (text, masked) => {
    expect(maskSecrets(text, "[secret]")).toBe(masked);
    expect(findSecrets(maskSecrets(text, "[secret]"))).toEqual([]);
  });

  it("keeps no line of a private key", () => {
    const line = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj";
    const key = `-----BEGIN PRIVATE KEY-----\n${line}\n${line}\n-----END PRIVATE KEY-----`;
    expect(maskSecrets(`Here:\n${key}\nThanks`, "[secret]")).toBe("Here:\n[secret]\nThanks");
  });
});
