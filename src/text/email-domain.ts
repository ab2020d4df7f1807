const ADDRESS = /^[^\s@]+@([^\s@]+)$/u;

/** What stands behind the @ of an e-mail address, in small letters; null for what is none. */
export function emailDomain(address: string | null | undefined): string | null {
  return ADDRESS.exec(address?.trim() ?? "")?.[1]?.toLowerCase() ?? null;
}
