/** Where a passage stands, as people are told it: "Router › Resetting › page 12". */
export function placeOf(passage: {
  readonly title: string;
  readonly headingPath: readonly string[];
  readonly page?: number;
}): string {
  const { title, headingPath, page } = passage;
  return [title, ...headingPath, ...(page === undefined ? [] : [`page ${page}`])].join(" › ");
}
