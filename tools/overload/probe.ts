import { openHttp } from '../bench/http.ts'

export type ProbeTarget = {
  readonly url: string
  readonly token: string
  readonly productId: string
}

/** One customer who buys one thing after another, and looks what became of it. */
export type Probe = {
  /** Undefined: it was not accepted, or not decided in time. */
  readonly buy: (decidedWithinMs: number) => Promise<{ readonly acceptMs: number } | undefined>
  /** How long an answer of /livez takes. */
  readonly alive: () => Promise<number>
  readonly close: () => Promise<void>
}

const pollMs = 20

export function openProbe({ url, token, productId }: ProbeTarget): Probe {
  const http = openHttp(url, 1)
  const authorization = `Bearer ${token}`
  const headers = { authorization, 'content-type': 'application/json' }
  const body = JSON.stringify({ items: [{ productId, quantity: 1 }] })

  async function isDecided(path: string): Promise<boolean> {
    const response = await fetch(`${url}${path}`, { headers: { authorization } })
    if (response.status !== 200) return false
    const { status } = (await response.json()) as { readonly status: string } // as the API documents it
    return status !== 'pending'
  }

  return {
    async buy(decidedWithinMs) {
      const sentAt = performance.now()
      const told = await http.ask({ method: 'POST', path: '/orders', headers, body }).catch(() => undefined)
      const acceptMs = performance.now() - sentAt
      if (told?.status !== 201) return undefined
      while (performance.now() - sentAt < decidedWithinMs) {
        if (await isDecided(told.location)) return { acceptMs }
        await new Promise((resolve) => setTimeout(resolve, pollMs))
      }
      return undefined
    },
    async alive() {
      const sentAt = performance.now()
      await http.ask({ method: 'GET', path: '/livez', headers: {} })
      return performance.now() - sentAt
    },
    close: http.close,
  }
}
