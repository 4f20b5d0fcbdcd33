import { longestWaitSeconds } from './limits.ts'

/** How long the client is willing to wait (RFC 7240). Other preferences and malformed ones are ignored. */
export function preferredWaitMs(prefer: string | undefined): number | undefined {
  if (prefer === undefined) return undefined
  const seconds = /(?:^|,)\s*wait\s*=\s*"?(\d{1,9})"?\s*(?:[,;]|$)/i.exec(prefer)?.[1]
  return seconds === undefined ? undefined : Math.min(Number(seconds), longestWaitSeconds) * 1_000
}
