import { mkdir, stat } from "node:fs/promises";
import path from "node:path";
import { UsageError } from "../../src/ports/errors.js";
import { baseEnvironment, checkSecret } from "./git-environment.js";
import { checkVersion, toUsageError } from "./git-errors.js";
import { readGitPlace } from "./git-options.js";
import type { GitPlace } from "./git-options.js";
import { createGit } from "./git-program.js";
import { createGitSource } from "./git-source.js";
import { createAddressPolicy } from "./http/address-policy.js";
import { asSourceFailure } from "./source-failure.js";
import type { SourceKindDefinition } from "./source-kind.js";

/**
 * A branch of a git repository. Whether the repository can be reached is not checked when it is added: the first sync
 * tells, and a network that is away for a moment does not keep a source from being set up.
 */
export const gitKind: SourceKindDefinition = {
  checkOptions: (record) => void readGitPlace(record),
  async check(record, { secretOf, workDirectory, machine }) {
    const place = readGitPlace(record);
    checkSecret(place.remote, secretOf(record.name));
    await refuseUnlessThere(place);
    await mkdir(workDirectory, { recursive: true, mode: 0o700 });
    const git = createGit(workDirectory, baseEnvironment(machine));
    const version = await git.run(["version"], { signal: AbortSignal.timeout(10_000) }).catch(toUsageError);
    checkVersion(version.toString("utf8"));
  },
  async open(record, { secretOf, workDirectory, allowedPrivateHosts, machine, sourceId }) {
    const secret = secretOf(record.name);
    const place = asSourceFailure(() => readGitPlace(record));
    asSourceFailure(() => checkSecret(place.remote, secret));
    const directory = path.join(workDirectory, sourceId);
    await mkdir(workDirectory, { recursive: true, mode: 0o700 });
    return createGitSource(place, {
      directory,
      secret,
      environment: baseEnvironment(machine),
      policy: createAddressPolicy(allowedPrivateHosts),
    });
  },
};

async function refuseUnlessThere({ remote }: GitPlace): Promise<void> {
  if (remote.protocol !== "file") return;
  const stats = await stat(remote.url).catch(() => null);
  if (stats === null) throw new UsageError(`${remote.url} is not there. Check the path.`);
}
