import { z } from "zod";

const identity = z.object({ id: z.string().nullish(), loginName: z.string().nullish() }).nullish();
const identitySet = z.object({ user: identity, group: identity, siteUser: identity, siteGroup: identity });

export const permissionSchema = z.object({
  roles: z.array(z.string()).nullish(),
  expirationDateTime: z.string().nullish(),
  hasPassword: z.boolean().nullish(),
  link: z.object({ scope: z.string().nullish() }).nullish(),
  grantedToV2: identitySet.nullish(),
  grantedToIdentitiesV2: z.array(identitySet).nullish(),
});
export type GraphPermission = z.infer<typeof permissionSchema>;
type IdentitySet = z.infer<typeof identitySet>;

const READING: ReadonlySet<string> = new Set(["read", "write", "owner"]);
const FOR_ALL: ReadonlySet<string> = new Set(["organization", "anonymous"]);
/** SharePoint's own names for everybody, with and without guests. */
const EVERYBODY = /^c:0(?:\(\.s\|true|-\.f\|rolemanager\|spo-grid-all-users\/.*)$/u;
/** For a file that nobody may read who is known here: a token that nobody has. */
const NOBODY = "sharepoint:nobody";

/** The site's own groups, such as its members and visitors, that a permission is for. */
export function siteGroupsOf(permissions: readonly GraphPermission[], now: Date): readonly string[] {
  const ids = permissions.filter((one) => grantsReading(one, now)).flatMap((one) => identitiesOf(one));
  return [...new Set(ids.flatMap(({ siteGroup }) => (siteGroup?.id == null ? [] : [siteGroup.id])))].sort();
}

/**
 * Who may read a file; null: whom the source says. Null only where the whole organisation has a link or a right, or all of
 * the site's own groups have it that may read the library: nothing here makes a file readable for more than that.
 */
export function aclOf(
  permissions: readonly GraphPermission[],
  groupsOfLibrary: readonly string[],
  now: Date,
): readonly string[] | null {
  const granted = permissions.filter((permission) => grantsReading(permission, now));
  const identities = granted.flatMap(identitiesOf);
  if (granted.some(({ link }) => FOR_ALL.has(link?.scope ?? "")) || identities.some(isEverybody)) return null;
  const groups = new Set(siteGroupsOf(granted, now));
  if (groupsOfLibrary.length > 0 && groupsOfLibrary.every((id) => groups.has(id))) return null;
  const tokens = new Set(identities.flatMap(tokensOf));
  return tokens.size === 0 ? [NOBODY] : [...tokens].sort();
}

/** A link with a password grants nothing to whoever has the link alone. */
function grantsReading({ roles, expirationDateTime, hasPassword, link }: GraphPermission, now: Date): boolean {
  const given = expirationDateTime ?? "";
  // The first day of all stands for none.
  const isOver = given !== "" && !given.startsWith("0001-") && Date.parse(given) <= now.getTime();
  return (
    !isOver &&
    hasPassword !== true &&
    link?.scope !== "existingAccess" &&
    (roles ?? []).some((role) => READING.has(role))
  );
}

function identitiesOf({ grantedToV2, grantedToIdentitiesV2 }: GraphPermission): readonly IdentitySet[] {
  return [...(grantedToV2 == null ? [] : [grantedToV2]), ...(grantedToIdentitiesV2 ?? [])];
}

function isEverybody({ siteUser }: IdentitySet): boolean {
  return EVERYBODY.test(siteUser?.loginName ?? "");
}

function tokensOf({ user, group, siteGroup }: IdentitySet): readonly string[] {
  if (group?.id != null) return [`entra:group:${group.id}`];
  if (user?.id != null) return [`entra:user:${user.id}`];
  return siteGroup?.id == null ? [] : [`sharepoint:group:${siteGroup.id}`];
}
