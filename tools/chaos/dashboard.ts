import { setTimeout as sleep } from 'node:timers/promises'
import type { Dashboard } from './aftermath.ts'
import type { Provider } from './field.ts'

const tries = 5
const pauseMs = 1_000

/** Whoever is at the dashboard knows the shop's payments by their ids, which the provider keeps. */
export function dashboardOf(provider: Pick<Provider, 'charges' | 'act'>): Dashboard {
  async function act(payment: string, what: 'refund' | 'dispute', body: object): Promise<void> {
    for (let left = tries; left > 0; left--) {
      try {
        const charge = (await provider.charges()).find(({ paymentId }) => paymentId === payment)
        if (charge) await provider.act(charge.ref, what, body)
        return
      } catch {
        // The provider is away, or it is too late for that: nobody has promised anything.
        await sleep(pauseMs)
      }
    }
  }
  return {
    refund: (payment, amount) => act(payment, 'refund', amount === undefined ? {} : { amount }),
    dispute: (payment, status) => act(payment, 'dispute', { status }),
    endDispute: (payment, outcome) => act(payment, 'dispute', { outcome }),
  }
}

const declineEveryMs = 5_000

/**
 * Mollie waits for hours for customers whom a fault has kept from answering, or whose attempt begins only now: they say
 * no for as long as `work` lasts.
 */
export async function whileDeclining<Result>(
  { charges, url }: Pick<Provider, 'charges' | 'url'>,
  work: () => Promise<Result>,
): Promise<Result> {
  const end = new AbortController()
  const declining = (async (): Promise<void> => {
    while (!end.signal.aborted) {
      for (const { ref, provider, status } of await charges())
        if (provider === 'mollie' && status === 'action_required')
          await fetch(`${url}/pay/${ref}/decline`, { method: 'POST', redirect: 'manual' })
      await sleep(declineEveryMs, undefined, { signal: end.signal }).catch(() => undefined)
    }
  })()
  declining.catch(() => undefined) // it is awaited below
  try {
    return await work()
  } finally {
    end.abort()
    await declining
  }
}
