/** What the local cloud tells about itself while it runs. `function` is the function's short name. */
export type CloudEvent =
  /** One line that a function wrote. `record` is the line as JSON, `undefined` when it is none. */
  | {
      readonly type: 'log';
      readonly function: string;
      readonly stream: 'stdout' | 'stderr';
      readonly line: string;
      readonly record: Readonly<Record<string, unknown>> | undefined;
    }
  | { readonly type: 'coldStart'; readonly function: string; readonly initMs: number }
  | {
      readonly type: 'timeout';
      readonly function: string;
      readonly requestId: string;
      readonly timeoutSeconds: number;
    }
  /** An environment ended by itself or was killed. `requestId` is `undefined` when it was idle. */
  | {
      readonly type: 'crash';
      readonly function: string;
      readonly requestId: string | undefined;
      readonly reason: string;
    }
  | {
      readonly type: 'functionError';
      readonly function: string;
      readonly requestId: string;
      readonly errorType: string;
      readonly errorMessage: string;
    }
  | { readonly type: 'throttle'; readonly function: string }
  /** A message lies in the dead-letter queue after its last allowed receive. */
  | {
      readonly type: 'deadLetter';
      readonly queue: string;
      readonly messageId: string;
      readonly body: string;
    }
  /** Stream records that were given up; `destination` is the S3 object with them, if any. */
  | {
      readonly type: 'streamDropped';
      readonly function: string;
      readonly condition: string;
      readonly records: number;
      readonly destination: string | undefined;
    }
  /** A part of the local cloud itself met an error and goes on. */
  | { readonly type: 'cloudError'; readonly part: string; readonly reason: string };

export type OnCloudEvent = (event: CloudEvent) => void;

/** Turns what a function printed into log events, line by line. */
export function lineEvents(
  name: string,
  stream: 'stdout' | 'stderr',
  onEvent: OnCloudEvent,
): (chunk: string) => void {
  let rest = '';
  return (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines)
      if (line !== '')
        onEvent({ type: 'log', function: name, stream, line, record: jsonRecord(line) });
  };
}

function jsonRecord(line: string): Readonly<Record<string, unknown>> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null
      ? Object.fromEntries(Object.entries(value))
      : undefined;
  } catch {
    // A line that only looks like JSON is a line of text.
    return undefined;
  }
}
