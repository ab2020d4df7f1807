/** A condition on the dates of a version, which its chunks have as well: a document is answered from only within them. */
export const IN_FORCE = `(valid_from is null or valid_from <= now()) and (valid_until is null or valid_until > now())`;
