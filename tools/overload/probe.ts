import { openHttp } from '../shared/lean-http.ts'
import { openShopClient } from '../shared/shop-client.ts'
import { until } from '../shared/wait.ts'

export type ProbeTarget = {
  readonly url: string
  readonly token: string
  readonly productId: string
}

/** One customer who buys one thing after another and looks at the outcome. */
export type Probe = {
  /** Places an order. Returns undefined when it was not accepted, or not decided in time. */
  readonly buy: (decidedWithinMs: number) => Promise<{ readonly acceptMs: number } | undefined>
  /** How long an answer of /livez takes. */
  readonly alive: () => Promise<number>
  readonly close: () => Promise<void>
}

const pollMs = 20
/** The same time as fetch waits, because an overloaded shop may be slow. */
const answerTimeoutMs = 300_000

export function openProbe({ url, token, productId }: ProbeTarget): Probe {
  const http = openHttp(url, 1)
  const reader = openShopClient(url, { connections: 1, answerTimeoutMs })
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const order = JSON.stringify({ items: [{ productId, quantity: 1 }] })

  async function isDecided(path: string): Promise<boolean> {
    const { status, body } = await reader.send({ method: 'GET', path, token })
    return status === 200 && (body as { readonly status: string }).status !== 'pending' // the API documents this shape
  }

  return {
    async buy(decidedWithinMs) {
      const sentAt = performance.now()
      const told = await http
        .ask({ method: 'POST', path: '/orders', headers, body: order })
        .catch(() => undefined)
      const acceptMs = performance.now() - sentAt
      if (told?.status !== 201) return undefined
      const withinMs = decidedWithinMs - acceptMs
      const decided = await until(() => isDecided(told.location), { withinMs, everyMs: pollMs })
      return decided && { acceptMs }
    },
    async alive() {
      const sentAt = performance.now()
      await http.ask({ method: 'GET', path: '/livez', headers: {} })
      return performance.now() - sentAt
    },
    async close() {
      await Promise.all([http.close(), reader.close()])
    },
  }
}
