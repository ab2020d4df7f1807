import { UsageError } from "../../src/ports/errors.js";
import { MIN_PUSH_SECRET_LENGTH } from "../../src/ports/pushed-documents.js";
import { SERVER_COUNTS, sourceSecretVariable } from "../../src/ports/source-secrets.js";
import { refuseOptions } from "../sources/source-kind.js";
import type { SourceKindDefinition } from "../sources/source-kind.js";
import { createPushSource } from "./push-source.js";

/** Documents that programs push. Its location is a label; it has no options. */
export const pushKind: SourceKindDefinition = {
  checkOptions: refuseOptions,
  check({ name, options = {} }, { secretOf }) {
    const problems = Object.keys(options).map((key) => `options.${key}: is not an option of a push source`);
    if ((secretOf(name)?.length ?? 0) < MIN_PUSH_SECRET_LENGTH) {
      const rule = `needs at least ${MIN_PUSH_SECRET_LENGTH} characters (make one: openssl rand -hex 32)`;
      problems.push(`the source's secret (${sourceSecretVariable(name)}): ${rule}. ${SERVER_COUNTS}`);
    }
    return problems.length === 0 ? Promise.resolve() : Promise.reject(new UsageError(`${problems.join(". ")}.`));
  },
  open: (_record, place) => Promise.resolve(createPushSource(place)),
};
