import { setTimeout as sleep } from 'node:timers/promises'
import { ReplayFailure } from './replay-failure.ts'
import {
  openShopClient,
  troubleOf,
  type ShopAnswer,
  type ShopClient,
  type ShopRequest,
} from '../shared/shop-client.ts'

export type Rest = {
  /** Repeats a request while the stack is busy or away. All requests of a replay may safely be sent twice. */
  readonly send: ShopClient['send']
  /** How many requests were repeated. */
  readonly retries: () => number
  readonly close: () => Promise<void>
}

/** Longer than a restart of the whole stack. */
const patienceMs = 120_000
/** The audit reads everything, which may take long. */
const answerTimeoutMs = 120_000
const outagePauseMs = 250
const busy: readonly number[] = [429, 502, 503, 504]

export function restClient(url: string, connections: number): Rest {
  const client = openShopClient(url, { connections, answerTimeoutMs })
  let retries = 0

  async function send(request: ShopRequest): Promise<ShopAnswer> {
    const giveUpAt = performance.now() + patienceMs
    for (;;) {
      const { answer, pauseMs, trouble } = await attempt(client, request)
      if (answer) return answer
      if (performance.now() > giveUpAt) {
        throw new ReplayFailure(
          `${request.method} ${request.path} has failed for ${patienceMs / 1_000} s: ${trouble}`,
        )
      }
      retries++
      await sleep(pauseMs)
    }
  }

  return { send, retries: () => retries, close: client.close }
}

type Attempt =
  | { readonly answer: ShopAnswer; readonly pauseMs?: never; readonly trouble?: never }
  | { readonly answer?: never; readonly pauseMs: number; readonly trouble: string }

async function attempt(client: ShopClient, request: ShopRequest): Promise<Attempt> {
  let answer: ShopAnswer
  try {
    answer = await client.send(request)
  } catch (err) {
    return { pauseMs: outagePauseMs, trouble: troubleOf(err) }
  }
  if (!busy.includes(answer.status)) return { answer }
  const pauseMs = Math.max(outagePauseMs, (answer.retryAfterSeconds ?? 1) * 1_000)
  return { pauseMs, trouble: answer.text }
}
