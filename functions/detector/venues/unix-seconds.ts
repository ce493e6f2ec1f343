/**
 * An opening time of the chain, in Unix seconds: null for 0 and for nothing, which both mean "at
 * once". Times beyond what a number holds exactly are held at that limit: they never come.
 */
export function unixSeconds(time: bigint | undefined): number | null {
  if (time === undefined || time === 0n) return null;
  const latest = BigInt(Number.MAX_SAFE_INTEGER);
  return Number(time < latest ? time : latest);
}
