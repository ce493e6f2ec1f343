/** An HTTP answer. */
export type Reply = {
  readonly status: number;
  readonly body: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
};

/** A JSON answer. */
export const json = (value: unknown, status = 200): Reply => ({
  status,
  body: JSON.stringify(value),
});

/** JSON that is text already. */
export const jsonText = (body: string, status = 200): Reply => ({ status, body });
