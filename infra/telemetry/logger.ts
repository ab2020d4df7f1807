import { Writable } from "node:stream";
import { pino } from "pino";
import { z } from "zod";
import type { Logger, LogFields } from "../../src/ports/logger.js";
import { filterFields } from "./log-fields.js";

export interface LoggerOptions {
  readonly level: "debug" | "info" | "warn" | "error" | "silent";
  readonly stream: NodeJS.WritableStream;
  /** One readable line for each event instead of JSON. */
  readonly isHuman: boolean;
  /** Called with how many fields were left out because they are not on the allowlist. */
  readonly onDropped: (count: number) => void;
}

/** Writes structured events; whatever is not on the allowlist is dropped and counted. */
export function createLogger(options: LoggerOptions): Logger {
  const destination = options.isHuman ? humanLines(options.stream) : options.stream;
  const logger = pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      messageKey: "event",
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
  const keep = (fields: LogFields): object => {
    const { kept, dropped } = filterFields(fields);
    if (dropped > 0) options.onDropped(dropped);
    return kept;
  };
  return {
    info: (event, fields = {}) => logger.info(keep(fields), event),
    warn: (event, fields = {}) => logger.warn(keep(fields), event),
    error: (event, fields = {}) => logger.error(keep(fields), event),
  };
}

const lineSchema = z.looseObject({ level: z.string(), time: z.string(), event: z.string() });

function humanLines(stream: NodeJS.WritableStream): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      for (const line of chunk.toString("utf8").split("\n")) {
        if (line !== "") stream.write(`${humanLine(line)}\n`);
      }
      done();
    },
  });
}

function humanLine(json: string): string {
  const { level, time, event, ...fields } = lineSchema.parse(JSON.parse(json));
  const details = Object.entries(fields).map(([name, value]) => `${name}=${String(value)}`);
  return [time.slice(11, 19), level.padEnd(5), event, ...details].join(" ");
}
