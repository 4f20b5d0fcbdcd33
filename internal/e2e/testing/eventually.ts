import { setTimeout as sleep } from 'node:timers/promises'

const defaultTimeoutMs = 30_000
const pollMs = 50

/** Asks again until the answer is there; fails with what was waited for and the last error. */
export async function eventually<Value>(
  what: string,
  ask: () => Promise<Value | undefined | false>,
  timeoutMs = defaultTimeoutMs,
): Promise<Value> {
  const deadline = performance.now() + timeoutMs
  let last: unknown
  while (performance.now() < deadline) {
    try {
      const value = await ask()
      if (value !== undefined && value !== false) return value
    } catch (err) {
      last = err
    }
    await sleep(pollMs)
  }
  throw new Error(`waited ${timeoutMs} ms in vain: ${what}`, { cause: last })
}
