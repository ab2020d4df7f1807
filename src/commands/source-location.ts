/** What somebody typed to say where a source is. */
export type TypedLocation =
  | { readonly place: "address"; readonly kind: "git" | "web" }
  | { readonly place: "path" }
  /** An address of a scheme that no source is read by. */
  | { readonly place: "unknown"; readonly scheme: string };

/** Hosts where the address of a repository is told by how many parts its path has. */
const REPOSITORY_HOSTS: ReadonlyMap<string, "two" | "two-or-more"> = new Map([
  ["github.com", "two"],
  ["bitbucket.org", "two"],
  ["codeberg.org", "two"],
  ["gitlab.com", "two-or-more"],
]);

const SCP_ADDRESS = /^[\w.-]+@[\w.-]+:\S+$/u;
const SCHEME = /^([a-z][a-z\d+.-]*):(?:\/\/|\/)/iu;

/** Tells an address from a path, and a repository from a website. */
export function readLocation(location: string): TypedLocation {
  if (SCP_ADDRESS.test(location)) return { place: "address", kind: "git" };
  const scheme = SCHEME.exec(location)?.[1]?.toLowerCase();
  if (scheme === undefined) return { place: "path" };
  if (scheme === "ssh" || scheme === "git+ssh") return { place: "address", kind: "git" };
  if ((scheme !== "http" && scheme !== "https") || !URL.canParse(location)) return { place: "unknown", scheme };
  return { place: "address", kind: isRepository(new URL(location)) ? "git" : "web" };
}

function isRepository({ hostname, pathname }: URL): boolean {
  if (pathname.endsWith(".git")) return true;
  const rule = REPOSITORY_HOSTS.get(hostname.replace(/^www\./u, ""));
  if (rule === undefined || pathname.includes("/-/")) return false;
  const parts = pathname.split("/").filter((part) => part !== "").length;
  return rule === "two" ? parts === 2 : parts >= 2;
}

/** A name for a source from its last path part, or from its host; null where that leaves nothing. */
export function nameFromLocation(location: string): string | null {
  const typed = readLocation(location);
  const isWeb = typed.place === "address" && typed.kind === "web";
  const words = isWeb ? new URL(location).hostname : (/([^/:\\]+?)[/\\]*$/u.exec(location)?.[1] ?? "");
  const name = words
    .replace(/\.(?:git|jsonl)$/u, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/gu, "-")
    .replaceAll(/^-+|-+$/gu, "")
    .slice(0, 63);
  return name === "" ? null : name;
}
