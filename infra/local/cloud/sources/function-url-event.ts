import * as z from 'zod';

/** An HTTP request as it reaches a function URL. */
export type HttpRequest = {
  readonly method: string;
  /** Path and query as they were sent. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly sourceIp: string;
  readonly body: Buffer;
  readonly requestId: string;
  readonly timeMs: number;
};

export type HttpResponse = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Buffer;
};

const TEXT = /^(?:text\/|application\/(?:[\w.-]+\+)?(?:json|xml|javascript))/i;

/**
 * The event of a function URL, payload format 2.0.
 *
 * Source: Lambda, "Invoking function URLs", request payload format.
 */
export function functionUrlEvent(request: HttpRequest): unknown {
  const { pathname, search, searchParams, host } = new URL(request.url, 'http://localhost');
  const { cookie, ...rest } = request.headers;
  const headers = Object.fromEntries(
    Object.entries(rest).flatMap(([name, value]) =>
      value === undefined ? [] : [[name.toLowerCase(), [value].flat().join(',')]],
    ),
  );
  const query = new Map<string, string>();
  for (const [name, value] of searchParams)
    query.set(name, query.has(name) ? `${query.get(name)},${value}` : value);
  const cookies = [cookie ?? []].flat().flatMap((line) => line.split('; '));
  const isBase64Encoded = request.body.length > 0 && !isText(headers);
  const at = new Date(request.timeMs);
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: pathname,
    rawQueryString: search.slice(1),
    ...(cookies.length === 0 ? {} : { cookies }),
    headers,
    ...(query.size === 0 ? {} : { queryStringParameters: Object.fromEntries(query) }),
    requestContext: {
      accountId: 'anonymous',
      apiId: 'local',
      domainName: headers['host'] ?? host,
      domainPrefix: 'local',
      http: {
        method: request.method,
        path: pathname,
        protocol: 'HTTP/1.1',
        sourceIp: request.sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: request.requestId,
      routeKey: '$default',
      stage: '$default',
      time: clfTime(at),
      timeEpoch: request.timeMs,
    },
    ...(request.body.length === 0
      ? {}
      : { body: request.body.toString(isBase64Encoded ? 'base64' : 'utf8') }),
    isBase64Encoded,
  };
}

function isText(headers: Readonly<Record<string, string>>): boolean {
  const encoding = headers['content-encoding'] ?? 'identity';
  return encoding === 'identity' && TEXT.test(headers['content-type'] ?? '');
}

/** Common log format, as `requestContext.time` has it: `12/Mar/2020:19:03:58 +0000`. */
function clfTime(at: Date): string {
  const [, day, month, year, time] = at.toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
}

const responseSchema = z.object({
  statusCode: z.coerce.number().int(),
  headers: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).nullish(),
  cookies: z.array(z.string()).nullish(),
  body: z.unknown().optional(),
  isBase64Encoded: z.boolean().nullish(),
});

/**
 * The HTTP response of what a function returned. Anything without `statusCode` is the body of a 200.
 *
 * Source: Lambda, "Invoking function URLs", response payload format.
 */
export function functionUrlResponse(payload: string): HttpResponse {
  const value: unknown = JSON.parse(payload);
  const parsed = responseSchema.safeParse(value);
  if (!parsed.success)
    return {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(typeof value === 'string' ? value : payload),
    };
  const { statusCode, headers, cookies, body, isBase64Encoded } = parsed.data;
  const text = body === undefined || body === null ? '' : bodyText(body);
  return {
    status: statusCode,
    headers: {
      'content-type': 'application/json',
      ...Object.fromEntries(
        Object.entries(headers ?? {}).map(([name, item]) => [name.toLowerCase(), String(item)]),
      ),
      ...(cookies === undefined || cookies === null ? {} : { 'set-cookie': cookies }),
    },
    body: Buffer.from(text, isBase64Encoded === true ? 'base64' : 'utf8'),
  };
}

const bodyText = (body: unknown): string =>
  typeof body === 'string' ? body : (JSON.stringify(body) ?? '');
