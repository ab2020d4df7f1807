import type { FakeSlack } from "../../fakes/slack/fake-slack.js";
import type { JsonObject } from "../../fakes/slack/json.js";

export interface RawAnswer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly body: JsonObject;
}

/** One call as it goes over the wire: a form whose nested values are JSON. */
export async function rawCall(
  fake: FakeSlack,
  method: string,
  args: Readonly<Record<string, unknown>>,
  token: string | null = fake.botToken(),
): Promise<RawAnswer> {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(args)) {
    form.set(name, typeof value === "string" ? value : JSON.stringify(value));
  }
  const response = await fetch(`${fake.apiUrl}${method}`, {
    method: "POST",
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    body: form.toString(),
  });
  return {
    status: response.status,
    retryAfter: response.headers.get("retry-after"),
    body: (await response.json()) as JsonObject,
  };
}

/** The error Slack answers with; `ok` when it does what was asked. */
export async function rawOutcome(...call: Parameters<typeof rawCall>): Promise<unknown> {
  const { body } = await rawCall(...call);
  return body["ok"] === true ? "ok" : body["error"];
}
