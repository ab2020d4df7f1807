const AGAIN = " (again)";

/** How a run names an item whose id its place lists once more. */
export function repeatedId(externalId: string): string {
  return `${externalId}${AGAIN}`;
}

/** Which item a name in a run's remarks means. */
export function itemNamed(name: string): string {
  return name.endsWith(AGAIN) ? name.slice(0, -AGAIN.length) : name;
}
