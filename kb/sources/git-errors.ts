import { UsageError } from "../../src/ports/errors.js";
import { GitFailure } from "./git-program.js";
import { SourceError } from "./source.js";

/** What git says (in English, as it is told to) and what that means for whoever runs Deskhand. First match. */
const MEANINGS: readonly { readonly said: RegExp; readonly message: string; readonly isRemote?: true }[] = [
  {
    said: /dubious ownership|unsafe repository/iu,
    message:
      "The repository belongs to another user of this machine, and git refuses it. Give it to the user that Deskhand runs as, or use its address over https or ssh.",
  },
  {
    said: /could not read (?:username|password)|authentication failed|error: (?:401|403)|access denied|permission denied|terminal prompts disabled|not authorized/iu,
    isRemote: true,
    message:
      "The repository's host refused access. Check the address, and give a valid token with the right to read as the source's secret (over ssh: a key).",
  },
  {
    said: /host key verification failed/iu,
    isRemote: true,
    message: "The host's key is not known. Add it to known_hosts of the user that Deskhand runs as.",
  },
  {
    said: /error: 30\d|redirect/iu,
    message:
      "The address leads to another one, which is not followed. Write it as the host shows it for cloning; it mostly ends in .git.",
  },
  {
    said: /repository .*not found|not found|does not exist|does not appear to be a git repository|error: (?:404|410)|no such file or directory/iu,
    message: "There is no repository there, or access is not allowed. Check the address, and the source's secret.",
  },
  {
    said: /certificate|SSL|TLS/u,
    isRemote: true,
    message: "The host's certificate is not trusted. Add its issuer to the certificates of this machine.",
  },
  {
    said: /could not resolve host|connection (?:refused|timed out|reset|closed)|failed to connect|timed out|network is unreachable|no route to host|couldn't connect|could not connect|early eof|hung up|error: (?:429|5\d\d)|operation too slow/iu,
    isRemote: true,
    message: "The repository's host cannot be reached. Check the address and the network; the next sync tries again.",
  },
  { said: /no space left/iu, message: "The disk is full. Make room where Deskhand keeps its data." },
];

const NOT_INSTALLED = "The program git is not there. Install git 2.37 or later on the machines that sync.";

/** The only place that knows what git's messages look like. */
export function toSourceError(error: unknown, place: string): unknown {
  if (!(error instanceof GitFailure)) return error;
  return new SourceError(messageOf(error, place), error);
}

function messageOf({ reason, said }: GitFailure, place: string): string {
  switch (reason) {
    case "not-installed":
      return NOT_INSTALLED;
    case "timeout":
      return `${place} took too long. The next sync tries again; with the option depth there is less to fetch.`;
    case "too-large":
      return `${place} is larger than what is kept of one repository. Set the option depth to 1.`;
    case "too-much-output":
      return `${place} holds more files than are read. Narrow it with the option path.`;
    case "failed": {
      const meaning = MEANINGS.find((one) => one.said.test(said));
      return meaning === undefined ? `${place} cannot be read: ${lastWords(said)}` : `${place}: ${meaning.message}`;
    }
  }
}

/** Whether the fault may be with what is kept of the repository here, so that a new clone could mend it. */
export function mayBeDamage(error: unknown): boolean {
  if (!(error instanceof GitFailure) || error.reason !== "failed") return false;
  return MEANINGS.find((one) => one.said.test(error.said))?.isRemote !== true;
}

function lastWords(said: string): string {
  const line = said.split("\n").findLast((text) => /^(?:fatal|error):/u.test(text)) ?? "git gave no reason.";
  return line.replaceAll(/\p{Cc}/gu, " ").slice(0, 200);
}

const LEAST_VERSION = [2, 37] as const;

/** @throws {UsageError} when the program is missing or too old */
export function checkVersion(output: string): void {
  const [, major = "0", minor = "0"] = /git version (\d+)\.(\d+)/u.exec(output) ?? [];
  const isEnough =
    Number(major) > LEAST_VERSION[0] || (Number(major) === LEAST_VERSION[0] && Number(minor) >= LEAST_VERSION[1]);
  if (isEnough) return;
  throw new UsageError(
    `This machine's git is version ${major}.${minor}. Install git ${LEAST_VERSION.join(".")} or later.`,
  );
}

/** @throws what else went wrong, as it is */
export function toUsageError(error: unknown): never {
  if (error instanceof GitFailure && error.reason === "not-installed") {
    throw new UsageError(NOT_INSTALLED, { cause: error });
  }
  throw error;
}
