import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";

const folder = new URL("certificates/", import.meta.url);

/** Valid for docs.test and other.test. Nothing but tests trusts it. */
export const LOCAL_CERTIFICATE = readFileSync(new URL("local.pem", folder), "utf8");

/** A real web server on this machine that remembers what it was asked. */
export interface LocalWeb extends AsyncDisposable {
  readonly port: number;
  /** Connections that were opened, whether or not anything was asked over them. */
  readonly connections: number;
  readonly requests: readonly IncomingMessage[];
  forget(): void;
}

export interface LocalWebOptions {
  readonly address?: string;
  readonly port?: number;
  readonly isSecure?: boolean;
}

export async function localWeb(listener: RequestListener, options: LocalWebOptions = {}): Promise<LocalWeb> {
  const { address = "127.0.0.1", port = 0, isSecure = false } = options;
  const requests: IncomingMessage[] = [];
  let connections = 0;
  const answer: RequestListener = (request, response) => {
    requests.push(request);
    listener(request, response);
  };
  const server: Server = isSecure
    ? createSecureServer({ cert: LOCAL_CERTIFICATE, key: readFileSync(new URL("local-key.pem", folder)) }, answer)
    : createServer(answer);
  server.on("connection", () => (connections += 1));
  server.listen(port, address);
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections;
    },
    requests,
    forget: () => void requests.splice(0),
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

/** What names mean in a test, and which of them were asked for. */
export interface LocalNames {
  resolve(host: string): Promise<readonly string[]>;
  readonly asked: readonly string[];
}

/** @param names for each name its answers: the first for the first question, the last for all that come after */
export function localNames(names: Readonly<Record<string, readonly (readonly string[])[]>>): LocalNames {
  const asked: string[] = [];
  return {
    asked,
    resolve(host) {
      const answers = names[host];
      if (answers === undefined) return Promise.reject(Object.assign(new Error("no such name"), { code: "ENOTFOUND" }));
      const answer = answers[Math.min(asked.filter((name) => name === host).length, answers.length - 1)];
      asked.push(host);
      return Promise.resolve(answer ?? []);
    },
  };
}
