import { LRUCache } from 'lru-cache'
import { Refusal } from '../platform/refusal.ts'

const windowMs = 60_000
const rememberedCallers = 50_000

type Window = { readonly endsAt: number; count: number }

/** Counts calls in windows of one minute, each of which begins with the first call. Each listener counts for itself. */
export function callRates(nowMs: () => number = () => performance.now()) {
  const windows = new LRUCache<string, Window>({ max: rememberedCallers })
  return (key: string, perMinute: number): void => {
    const now = nowMs()
    let window = windows.get(key)
    if (!window || window.endsAt <= now) {
      window = { endsAt: now + windowMs, count: 0 }
      windows.set(key, window)
    }
    if (window.count >= perMinute) throw rateLimited(window.endsAt - now)
    window.count++
  }
}

const rateLimited = (waitMs: number): Refusal =>
  new Refusal('invalid', 'request.rate-limited', 'too many requests; try again later', {
    retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1_000)),
  })
