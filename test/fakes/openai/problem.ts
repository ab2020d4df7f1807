/** A request that the fake refuses, with the body that OpenAI sends. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly status: number;
  readonly code: string | null;
  readonly param: string | null;
  readonly type: string;

  constructor(
    status: number,
    code: string | null,
    message: string,
    options: { param?: string | null; type?: string } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.param = options.param ?? null;
    this.type = options.type ?? (status >= 500 ? "server_error" : "invalid_request_error");
  }

  body(): object {
    return { error: { message: this.message, type: this.type, param: this.param, code: this.code } };
  }
}

export function badRequest(code: string | null, message: string, param: string): Problem {
  return new Problem(400, code, message, { param });
}
