import { badRequest } from "./problem.js";

/** Refuses a value that OpenAI would refuse at this place. */
export type Rule = (value: unknown, path: string) => void;

export interface Field {
  readonly rule: Rule;
  readonly isRequired: boolean;
}

export function required(rule: Rule): Field {
  return { rule, isRequired: true };
}

export function optional(rule: Rule): Field {
  return { rule, isRequired: false };
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Knows all its fields: any other is refused. */
export function object(fields: Readonly<Record<string, Field>>): Rule {
  return (value, path) => {
    if (!isObject(value)) throw wrongType(path, "an object", value);
    for (const name of Object.keys(value)) {
      if (!Object.hasOwn(fields, name)) {
        const param = join(path, name);
        throw badRequest("unknown_parameter", `Unknown parameter: '${param}'.`, param);
      }
    }
    for (const [name, { rule, isRequired }] of Object.entries(fields)) {
      const param = join(path, name);
      if (value[name] !== undefined) rule(value[name], param);
      else if (isRequired) {
        throw badRequest("missing_required_parameter", `Missing required parameter: '${param}'.`, param);
      }
    }
  };
}

export function string(options: { longest?: number; isFilled?: boolean } = {}): Rule {
  return (value, path) => {
    if (typeof value !== "string") throw wrongType(path, "a string", value);
    if (options.isFilled === true && value === "") {
      throw badRequest("empty_string", `Invalid '${path}': empty string.`, path);
    }
    if (options.longest !== undefined && value.length > options.longest) {
      throw badRequest("string_above_max_length", `Invalid '${path}': string too long.`, path);
    }
  };
}

export const boolean: Rule = (value, path) => {
  if (typeof value !== "boolean") throw wrongType(path, "a boolean", value);
};

export function integer(lowest: number, highest = Number.MAX_SAFE_INTEGER): Rule {
  return (value, path) => {
    if (!Number.isInteger(value)) throw wrongType(path, "an integer", value);
    const number = Number(value);
    if (number < lowest) {
      throw badRequest(
        "integer_below_min_value",
        `Invalid '${path}': integer below minimum value. Expected a value >= ${lowest}, but got ${number} instead.`,
        path,
      );
    }
    if (number > highest) {
      throw badRequest(
        "integer_above_max_value",
        `Invalid '${path}': integer above maximum value. Expected a value <= ${highest}, but got ${number} instead.`,
        path,
      );
    }
  };
}

export function oneOf(...values: readonly unknown[]): Rule {
  return (value, path) => {
    if (values.includes(value)) return;
    const list = values.map((one) => `'${String(one)}'`).join(", ");
    throw badRequest("invalid_value", `Invalid value: '${String(value)}'. Supported values are: ${list}.`, path);
  };
}

export function list(rule: Rule, options: { longest?: number } = {}): Rule {
  return (value, path) => {
    if (!Array.isArray(value)) throw wrongType(path, "an array", value);
    if (value.length === 0) {
      throw badRequest("empty_array", `Invalid '${path}': empty array. Expected an array with minimum length 1.`, path);
    }
    if (options.longest !== undefined && value.length > options.longest) {
      throw badRequest(
        "array_above_max_length",
        `Invalid '${path}': array too long. Expected an array with maximum length ${options.longest}, but got an array with length ${value.length} instead.`,
        path,
      );
    }
    for (const [index, item] of value.entries()) rule(item, `${path}[${index}]`);
  };
}

/** For values that may be a string or something longer. */
export function stringOr(other: Rule): Rule {
  return (value, path) => {
    if (typeof value !== "string") other(value, path);
  };
}

export function nullable(rule: Rule): Rule {
  return (value, path) => {
    if (value !== null) rule(value, path);
  };
}

export function wrongType(path: string, expected: string, value: unknown): Error {
  const actual = value === null ? "null" : Array.isArray(value) ? "an array" : `a ${typeof value}`;
  const article = actual === "a object" ? "an object" : actual;
  const message = `Invalid type for '${path}': expected ${expected}, but got ${article} instead.`;
  return badRequest("invalid_type", message, path);
}

function join(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}
