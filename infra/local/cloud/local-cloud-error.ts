/**
 * What stops the local cloud from starting: one plain sentence for the person at the terminal.
 *
 * Not a `Fault`: no deployed function can meet it and no alarm matches it.
 */
export class LocalCloudError extends Error {
  override readonly name = 'LocalCloudError';
}
