import { setTimeout as sleep } from 'node:timers/promises'
import type { Api, Answer, OrderBody, ProductBody } from './api.ts'

/** An order as its buyer knows it: the request and all answers to it. */
export type Attempt = {
  readonly key: string
  readonly answer: Answer<OrderBody> | undefined
  readonly error: string
}

export type Load = {
  /** Stops the buyers after their present request and returns all attempts with their answers. */
  readonly stop: () => Promise<readonly Attempt[]>
  readonly attempts: readonly Attempt[]
}

/** Starts buyers that order one unit after another, each under a key of its own, until they are stopped. */
export function startLoad(
  api: Api,
  token: string,
  products: readonly ProductBody[],
  { buyers = 8, pauseMs = 5 }: { readonly buyers?: number; readonly pauseMs?: number } = {},
): Load {
  const attempts: Attempt[] = []
  let stopped = false
  let count = 0
  const buy = async (): Promise<void> => {
    while (!stopped) {
      const key = `load-${++count}`
      const product = products[count % products.length]
      attempts.push(await attempt(api, token, key, product?.id ?? ''))
      await sleep(pauseMs)
    }
  }
  const all = Promise.all(Array.from({ length: buyers }, buy))
  return {
    attempts,
    async stop() {
      stopped = true
      await all
      return attempts
    },
  }
}

/** Makes one request. A broken connection is an outcome and not an error. */
export async function attempt(api: Api, token: string, key: string, productId: string): Promise<Attempt> {
  try {
    const body = { items: [{ productId, quantity: 1 }] }
    const answer = await api.request<OrderBody>('POST', '/orders', {
      token,
      body,
      headers: { 'idempotency-key': key },
    })
    return { key, answer, error: '' }
  } catch (err) {
    return { key, answer: undefined, error: String(err) }
  }
}

export function statusesOf(attempts: readonly Attempt[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { answer, error } of attempts) {
    const status = answer ? String(answer.status) : error
    counts[status] = (counts[status] ?? 0) + 1
  }
  return counts
}

export const accepted = (attempts: readonly Attempt[]): readonly OrderBody[] =>
  attempts.flatMap(({ answer }) => (answer?.status === 201 ? [answer.body] : []))
