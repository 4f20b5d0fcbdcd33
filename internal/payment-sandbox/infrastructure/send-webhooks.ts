import { createHmac } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { Agent, request } from 'undici'
import type { Log } from '../../platform/log.ts'
import type { Scope } from '../../platform/run.ts'
import { nextTry } from '../domain/webhooks.ts'
import type { Delivery } from '../domain/world.ts'
import type { Journal } from './journal.ts'
import { apply } from '../domain/world.ts'

const pollMs = 20
const mostAtOnce = 16
const timeoutMs = 10_000

type Options = { readonly log: Log; readonly journal: Journal; readonly secret: string }

/** Sends the webhooks that are due, until the scope is closed. A failed one is sent again later, as providers do. */
export function sendWebhooks(scope: Scope, { log, journal, secret }: Options): void {
  const closing = new AbortController()
  setMaxListeners(0, closing.signal) // each request under way is one
  const agent = new Agent({ connections: mostAtOnce, headersTimeout: timeoutMs, bodyTimeout: timeoutMs })
  const underWay = new Map<string, Promise<void>>()
  const { world } = journal

  async function send(delivery: Delivery): Promise<void> {
    const isTaken = await post(agent, delivery, secret, closing.signal)
    if (closing.signal.aborted && !isTaken) return // it is sent again after the next start
    const again = isTaken ? undefined : nextTry(delivery, Date.now())
    if (!isTaken) log.debug({ url: delivery.url, attempts: delivery.attempts }, 'a webhook was not taken')
    const put = again
      ? ({ table: 'delivery', value: again } as const)
      : ({ table: 'delivered', value: delivery.id } as const)
    apply(world, put)
    await journal.append([put])
  }

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      const now = Date.now()
      for (const delivery of world.deliveries.values()) {
        if (underWay.size >= mostAtOnce) break
        if (delivery.at > now || underWay.has(delivery.id)) continue
        underWay.set(
          delivery.id,
          send(delivery).finally(() => underWay.delete(delivery.id)),
        )
      }
      await Promise.race([sleep(pollMs), ...underWay.values()])
      await sleep(1)
    }
  }

  const loop = run()
  scope.watch('webhooks', loop)
  scope.onClose('webhooks', async () => {
    closing.abort()
    await loop
    await Promise.allSettled(underWay.values())
    await agent.close()
  })
}

/** Resolves with true when the shop has answered with 2xx. */
async function post(agent: Agent, delivery: Delivery, secret: string, signal: AbortSignal): Promise<boolean> {
  const { dialect, url, body, isForged } = delivery
  const headers =
    dialect === 'mollie'
      ? { 'content-type': 'application/x-www-form-urlencoded' }
      : {
          'content-type': 'application/json; charset=utf-8',
          'stripe-signature': stripeSignature(body, isForged ? `${secret} of a forger` : secret, Date.now()),
        }
  try {
    const answer = await request(url, { dispatcher: agent, method: 'POST', headers, body, signal })
    await answer.body.dump()
    return answer.statusCode >= 200 && answer.statusCode < 300
  } catch {
    return false // the shop is away
  }
}

/** As Stripe signs: a time, and an HMAC over that time and the body. */
export function stripeSignature(body: string, secret: string, nowMs: number): string {
  const time = Math.floor(nowMs / 1_000)
  const signature = createHmac('sha256', secret).update(`${time}.${body}`).digest('hex')
  return `t=${time},v1=${signature}`
}
