import { isList, isObject, type Json } from "./json.js";

/** Adds a problem for whatever is wrong with the value at this JSON pointer. */
export type Check = (value: Json, at: string, problems: string[]) => void;

interface Field {
  readonly check: Check;
  readonly isRequired: boolean;
}

export type Fields = Readonly<Record<string, Field>>;

export function required(check: Check): Field {
  return { check, isRequired: true };
}

export function optional(check: Check): Field {
  return { check, isRequired: false };
}

/** A string of so many characters. */
export function text(minimum: number, maximum: number): Check {
  return (value, at, problems) => {
    if (typeof value !== "string") {
      problems.push(`must be a string ${pointer(at)}`);
    } else if (value.length < minimum) {
      problems.push(`must be more than ${minimum - 1} characters ${pointer(at)}`);
    } else if (value.length > maximum) {
      problems.push(`must be less than ${maximum + 1} characters ${pointer(at)}`);
    }
  };
}

export const flag: Check = (value, at, problems) => {
  if (typeof value !== "boolean") {
    problems.push(`must be a boolean ${pointer(at)}`);
  }
};

export function integer(minimum: number, maximum: number): Check {
  return (value, at, problems) => {
    if (typeof value !== "number" || !Number.isInteger(value) || value < minimum || value > maximum) {
      problems.push(`must be an integer from ${minimum} to ${maximum} ${pointer(at)}`);
    }
  };
}

export function oneOf(...allowed: readonly string[]): Check {
  return (value, at, problems) => {
    if (typeof value !== "string" || !allowed.includes(value)) {
      problems.push(`must be one of ${allowed.join(", ")} ${pointer(at)}`);
    }
  };
}

/** An absolute http, https or mailto address of at most 3,000 characters. */
export const webAddress: Check = (value, at, problems) => {
  const isAddress =
    typeof value === "string" && value.length <= 3_000 && URL.canParse(value) && /^(https?|mailto):/u.test(value);
  if (!isAddress) {
    problems.push(`must be a valid URL ${pointer(at)}`);
  }
};

export function list(item: Check, minimum: number, maximum: number): Check {
  return (value, at, problems) => {
    if (!isList(value)) {
      problems.push(`must be an array ${pointer(at)}`);
      return;
    }
    if (value.length < minimum) {
      problems.push(`no fewer than ${minimum} items allowed ${pointer(at)}`);
    }
    if (value.length > maximum) {
      problems.push(`no more than ${maximum} items allowed ${pointer(at)}`);
    }
    value.forEach((entry, index) => item(entry, `${at}/${index}`, problems));
  };
}

/** An object with these fields and no others. */
export function shape(fields: Fields): Check {
  return (value, at, problems) => {
    if (!isObject(value)) {
      problems.push(`must be an object ${pointer(at)}`);
      return;
    }
    for (const key of Object.keys(value)) {
      if (fields[key] === undefined) {
        problems.push(`additional property not allowed: ${key} ${pointer(at)}`);
      }
    }
    for (const [key, field] of Object.entries(fields)) {
      const found = value[key];
      if (found !== undefined) {
        field.check(found, `${at}/${key}`, problems);
      } else if (field.isRequired) {
        problems.push(`missing required field: ${key} ${pointer(at)}`);
      }
    }
  };
}

/** An object whose `type` says which fields it has. */
export function byType(variants: Readonly<Record<string, Fields>>): Check {
  const checks = new Map(Object.entries(variants).map(([type, fields]) => [type, typed(type, fields)]));
  return (value, at, problems) => {
    const type = isObject(value) ? value["type"] : undefined;
    const check = typeof type === "string" ? checks.get(type) : undefined;
    if (check === undefined) {
      problems.push(`unsupported type: ${JSON.stringify(type)} ${pointer(`${at}/type`)}`);
      return;
    }
    check(value, at, problems);
  };
}

/** Runs several checks over the same value. */
export function all(...checks: readonly Check[]): Check {
  return (value, at, problems) => {
    for (const check of checks) {
      check(value, at, problems);
    }
  };
}

export function pointer(at: string): string {
  return `[json-pointer:${at}]`;
}

function typed(type: string, fields: Fields): Check {
  return shape({ type: required(oneOf(type)), ...fields });
}
