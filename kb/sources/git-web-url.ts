import type { GitPlace } from "./git-options.js";

/** Makes the address of a file's page out of its path in the repository; null where it is not known. */
export type PageAddress = (path: string) => string | null;

/** How the hosts address a file. Others are told by the option webUrl. */
const HOSTS: readonly { readonly is: RegExp; readonly page: string }[] = [
  { is: /^github\./u, page: "/blob/{branch}/{path}" },
  { is: /^gitlab\./u, page: "/-/blob/{branch}/{path}" },
  { is: /^bitbucket\.org$/u, page: "/src/{branch}/{path}" },
  { is: /^codeberg\.org$|^gitea\./u, page: "/src/branch/{branch}/{path}" },
];

export function createPageAddress(place: GitPlace, branch: string): PageAddress {
  const template = place.webUrl ?? derivedTemplate(place);
  if (template === null) return () => null;
  return (path) => {
    const relative = place.folder === "" ? path : path.slice(place.folder.length + 1);
    const values: Readonly<Record<string, string>> = {
      "{path}": path,
      "{relative}": relative,
      "{page}": relative.replace(/\.[^./]+$/u, ""),
      "{branch}": branch,
    };
    return template.replace(/\{[a-z]+\}/gu, (name) => escapePath(values[name] ?? ""));
  };
}

/** The page's address as it would be for all files; of another one, all are read again. */
export function templateOf(place: GitPlace, branch: string): string | null {
  const template = place.webUrl ?? derivedTemplate(place);
  return template?.replace("{branch}", branch) ?? null;
}

function derivedTemplate({ remote }: GitPlace): string | null {
  const { host, protocol, url } = remote;
  const known = HOSTS.find(({ is }) => host !== null && is.test(host));
  if (host === null || known === undefined) return null;
  const isScpForm = protocol === "ssh" && !url.startsWith("ssh://");
  const path = isScpForm ? url.slice(url.indexOf(":") + 1) : new URL(url).pathname;
  const repository = path.replace(/^\/+|\/+$/gu, "").replace(/\.git$/u, "");
  const authority = protocol === "ssh" ? host : new URL(url).host;
  return `https://${authority}/${isScpForm ? escapePath(repository) : repository}${known.page}`;
}

function escapePath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}
