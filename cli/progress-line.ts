/** One line on standard error that is written over, for a person who waits; silent elsewhere. */
export type ProgressLine = { readonly show: (text: string) => void; readonly clear: () => void };

const INTERVAL_MS = 100;

export function progressLine(stream: NodeJS.WriteStream = process.stderr): ProgressLine {
  let shownAtMs = 0;
  let shown = false;
  return {
    show(text) {
      const nowMs = Date.now();
      if (!stream.isTTY || nowMs - shownAtMs < INTERVAL_MS) return;
      shownAtMs = nowMs;
      shown = true;
      stream.write(`\r\u001B[2K${text.slice(0, stream.columns - 1)}`);
    },
    clear() {
      if (shown) stream.write('\r\u001B[2K');
      shown = false;
    },
  };
}
