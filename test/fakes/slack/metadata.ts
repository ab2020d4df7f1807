import { isList, isObject, type Json, type JsonObject } from "./json.js";
import { SlackRefusal } from "./refusal.js";

/** Slack does not say where the limit lies; ours is far below anything that worked for others. */
const METADATA_BYTES = 8_000;

/**
 * Metadata as a message may carry it: a name, and values that nest one level deep.
 * @throws {SlackRefusal}
 */
export function checkMetadata(metadata: JsonObject): JsonObject {
  const { event_type: eventType, event_payload: payload, ...others } = metadata;
  if (typeof eventType !== "string" || eventType === "" || !isObject(payload) || Object.keys(others).length > 0) {
    throw new SlackRefusal("invalid_metadata_format");
  }
  if (!/^\w[\w.-]*$/u.test(eventType) || !Object.values(payload).every(isPayloadValue)) {
    throw new SlackRefusal("invalid_metadata_schema");
  }
  if (Buffer.byteLength(JSON.stringify(metadata)) > METADATA_BYTES) {
    throw new SlackRefusal("metadata_too_large");
  }
  return metadata;
}

function isPayloadValue(value: Json | undefined): boolean {
  const isFlat = (found: Json | undefined): boolean => isObject(found) && Object.values(found).every(isScalar);
  return (
    isScalar(value) || isFlat(value) || (isList(value) && value.every((entry) => isScalar(entry) || isFlat(entry)))
  );
}

function isScalar(value: Json | undefined): boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}
