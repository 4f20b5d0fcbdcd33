import { longestWaitSeconds } from './limits.ts'

/** RFC 7240: how long the client would rather wait. What it says otherwise, or wrongly, is passed over. */
export function preferredWaitMs(prefer: string | undefined): number | undefined {
  if (prefer === undefined) return undefined
  const seconds = /(?:^|,)\s*wait\s*=\s*"?(\d{1,9})"?\s*(?:[,;]|$)/i.exec(prefer)?.[1]
  return seconds === undefined ? undefined : Math.min(Number(seconds), longestWaitSeconds) * 1_000
}
