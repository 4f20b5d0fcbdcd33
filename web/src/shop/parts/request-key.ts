import { useRef } from 'react'
import { ShopError } from 'tillstream-sdk'

/**
 * An Idempotency-Key for what must not be done twice. It stays the same until the API has answered, so pressing the
 * button again after an outage is a repetition and no second order.
 */
export function useRequestKey(): {
  readonly current: () => string
  readonly settle: (err?: unknown) => void
} {
  const key = useRef('')
  return {
    current: () => (key.current ||= crypto.randomUUID()),
    settle(err) {
      const isAnswered = err === undefined || (err instanceof ShopError && err.status < 500)
      if (isAnswered) key.current = ''
    },
  }
}
