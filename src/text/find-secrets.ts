interface Shape {
  /** As agents are told it: stands behind "holds". */
  readonly name: string;
  readonly pattern: RegExp;
  /** Of what the pattern found, or of its first group: whether it is more than a place for one, as instructions show it. */
  readonly isReal: (found: string) => boolean;
}

const always = (): boolean => true;
const hasDigit = (found: string): boolean => /\d/u.test(found);
/** Long keys at random have capitals, small letters and digits; what people make up for a name has not. */
const isMixed = (found: string): boolean => /\d/u.test(found) && /[A-Z]/u.test(found) && /[a-z]/u.test(found);

/** What stands for a password where a manual says how an address is written. */
const PLACEHOLDER =
  /^(?:<.*>|\[.*\]|\{.*\}|\$.*|%.*%|[*x.•…_-]+|[a-z_-]{0,20}(?:password|passwort|passwd|pass|pwd|pw|secret|token|key)[-_]?(?:here)?)$/iu;

/** Nothing that it could be a part of stands in front: letters, digits and what joins them. */
const START = "(?<![A-Za-z0-9_-])";

/**
 * The forms in which the great providers give out what opens something. Each pattern begins with fixed characters and
 * repeats one class at a time, so that it is linear in the text.
 */
const SHAPES: readonly Shape[] = [
  { name: "a Slack token", pattern: of(`${START}xox[a-z](?:\\.xox[a-z])?-[A-Za-z0-9-]{10,}`), isReal: hasDigit },
  { name: "a Slack token", pattern: of(`${START}(?:xapp|xwfp)-[A-Za-z0-9-]{10,}`), isReal: hasDigit },
  {
    name: "the address of a Slack webhook",
    pattern: of("hooks\\.slack(?:-gov)?\\.com/(?:services|workflows|triggers)/[TE][A-Z0-9]{5,}/[A-Za-z0-9/]{8,}"),
    isReal: hasDigit,
  },
  { name: "an AWS access key", pattern: of(`${START}A(?:KIA|SIA)[A-Z0-9]{16}(?![A-Za-z0-9])`), isReal: always },
  {
    name: "an AWS secret key",
    pattern: of(
      "(?:secret_?access_?key|aws_?secret(?:_?key)?)[\"'\\s]{0,3}[:=][\"'\\s]{0,3}[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+])",
      "iu",
    ),
    isReal: hasDigit,
  },
  { name: "a GitHub token", pattern: of(`${START}gh[oprsu]_[A-Za-z0-9]{36,}`), isReal: hasDigit },
  { name: "a GitHub token", pattern: of(`${START}github_pat_[A-Za-z0-9_]{30,}`), isReal: hasDigit },
  { name: "a GitLab token", pattern: of(`${START}gl(?:pat|ptt|dt|rt)-[A-Za-z0-9_-]{20,}`), isReal: isMixed },
  {
    name: "an API key of OpenAI or the like",
    pattern: of(`${START}sk-[A-Za-z0-9]{32,}(?![A-Za-z0-9])`),
    isReal: hasDigit,
  },
  {
    name: "an API key of OpenAI or the like",
    pattern: of(`${START}sk-(?:proj|svcacct|admin|None|or-v1|ant-(?:api|admin|oat)\\d\\d)-[A-Za-z0-9_-]{20,}`),
    isReal: hasDigit,
  },
  { name: "a Stripe key", pattern: of(`${START}[rs]k_(?:live|test)_[A-Za-z0-9]{16,}`), isReal: hasDigit },
  { name: "a Stripe key", pattern: of(`${START}whsec_[A-Za-z0-9+/]{24,}`), isReal: isMixed },
  { name: "a Google key", pattern: of(`${START}AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])`), isReal: hasDigit },
  { name: "a Google key", pattern: of(`${START}(?:GOCSPX-|ya29\\.)[A-Za-z0-9_-]{20,}`), isReal: isMixed },
  {
    name: "a key of Azure storage",
    pattern: of("(?:AccountKey|SharedAccessKey)=[A-Za-z0-9+/]{40,}", "iu"),
    isReal: isMixed,
  },
  { name: "an npm token", pattern: of(`${START}npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])`), isReal: hasDigit },
  {
    name: "a SendGrid key",
    pattern: of(`${START}SG\\.[A-Za-z0-9_-]{20,24}\\.[A-Za-z0-9_-]{39,50}(?![A-Za-z0-9_-])`),
    isReal: isMixed,
  },
  {
    name: "a private key",
    pattern: of("-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----[^]{0,300}?([A-Za-z0-9+/]{32})"),
    isReal: always,
  },
  {
    name: "a signed token (JWT)",
    pattern: of(`${START}eyJ[A-Za-z0-9_-]{10,}\\.eyJ[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]{16,}`),
    isReal: always,
  },
  {
    name: "a bearer token",
    pattern: of("(?<![A-Za-z0-9])(?:bearer|authorization: ?basic)\\s{1,3}([A-Za-z0-9._~+/=-]{16,})", "giu"),
    isReal: (found) => /\d/u.test(found) && /[a-z]/iu.test(found) && !found.includes("..."),
  },
  {
    name: "a password in an address",
    pattern: of("(?<![A-Za-z0-9])[a-z][a-z0-9+.-]{1,20}://[^\\s/:@?#]{0,100}:([^\\s/@]{1,200})@[^\\s/]", "giu"),
    isReal: (found) => !PLACEHOLDER.test(found),
  },
];

function of(source: string, flags = "gu"): RegExp {
  return new RegExp(source, flags.includes("g") ? flags : `g${flags}`);
}

/**
 * Which kinds of credentials a text holds, in words; empty for a text that may be shown to anybody. Known by the form that
 * their provider gives them. A password that stands in a sentence has no form, and is not found, nor is what was split or
 * encoded.
 */
export function findSecrets(text: string): readonly string[] {
  const plain = text.normalize("NFKC");
  const found = SHAPES.filter(({ pattern, isReal }) =>
    Array.from(plain.matchAll(pattern)).some(([whole, part]) => isReal(part ?? whole)),
  );
  return [...new Set(found.map(({ name }) => name))];
}

const PRIVATE_KEY =
  /-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----[^]*?(?:-----END [^-]{0,80}-----|$)/gu;

/** A text in which {@link findSecrets} finds none: something else stands where they stood. */
export function maskSecrets(text: string, mask: string): string {
  if (findSecrets(text).length === 0) return text;
  return SHAPES.reduce(
    (left, { pattern, isReal }) =>
      left.replaceAll(pattern, (whole: string, ...groups: unknown[]) => {
        const [part] = groups;
        return isReal(typeof part === "string" ? part : whole) ? mask : whole;
      }),
    text.normalize("NFKC").replaceAll(PRIVATE_KEY, mask),
  );
}
