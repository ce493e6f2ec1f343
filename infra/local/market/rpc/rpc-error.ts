/** An error of JSON-RPC: thrown by a method, answered in the envelope with HTTP status 200. */
export class RpcError extends Error {
  override readonly name = 'RpcError';
  readonly code: number;
  readonly data: unknown;

  constructor(code: number, message: string, data?: unknown) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

/** -32602, as nodes word it. */
export const invalidParams = (message: string) => new RpcError(-32_602, message);
