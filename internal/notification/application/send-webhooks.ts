import { pauseFailing, validSecrets, type Endpoint, type EndpointId } from '../domain/endpoint.ts'
import { conclude, type WebhookDelivery } from '../domain/webhook-delivery.ts'
import type { CallEndpoint, Endpoints, Webhooks } from './webhook-ports.ts'

export type WebhookSenderDeps = {
  readonly endpoints: Pick<Endpoints, 'list' | 'find' | 'pause'>
  readonly webhooks: Pick<Webhooks, 'claim' | 'store'>
  readonly call: CallEndpoint
  /** Longer than a call may take. */
  readonly leaseMs: number
  readonly now: () => Date
  /** The process may be made to die here. */
  readonly failpoint: (name: 'webhook-answer') => void
  /** Called whenever a call has ended: there is room for another. */
  readonly onEnd: () => void
  readonly report: (what: string, details: Readonly<Record<string, unknown>>) => void
}

/** One endpoint that is slow holds these places and no others. */
const callsPerEndpoint = 4
const callsInAll = 64

export type WebhookSender = {
  /** Begins what is due and has room. Returns how much that was. */
  readonly begin: () => Promise<number>
  /** Resolves when the calls that were begun have ended. */
  readonly ended: () => Promise<void>
}

export function webhookSender(deps: WebhookSenderDeps): WebhookSender {
  const { endpoints, webhooks, leaseMs, now, onEnd, report } = deps
  const running = new Map<Promise<void>, EndpointId>()

  const runningOf = (id: EndpointId): number => [...running.values()].filter((each) => each === id).length

  function start(endpoint: Endpoint, delivery: WebhookDelivery): void {
    const call = sendOne(deps, endpoint, delivery)
      // Its lease ends, and then somebody sends it again.
      .catch((err: unknown) => report('a webhook could not be concluded', { err, deliveryId: delivery.id }))
      .finally(() => {
        running.delete(call)
        onEnd()
      })
    running.set(call, endpoint.id)
  }

  return {
    async begin() {
      const active = (await endpoints.list()).filter(({ pausedAt }) => pausedAt === undefined)
      let left = callsInAll - running.size
      const rooms = active.flatMap(({ id }) => {
        const room = Math.min(left, callsPerEndpoint - runningOf(id))
        left -= Math.max(0, room)
        return room > 0 ? [{ endpointId: id, room }] : []
      })
      if (rooms.length === 0) return 0
      const claimed = await webhooks.claim(rooms, now(), new Date(now().getTime() + leaseMs))
      const byId = new Map(active.map((endpoint) => [endpoint.id, endpoint]))
      for (const delivery of claimed) {
        const endpoint = byId.get(delivery.endpointId)
        if (endpoint) start(endpoint, delivery)
      }
      return claimed.length
    },
    async ended() {
      await Promise.all(running.keys())
    },
  }
}

/** A process that dies between the answer and the commit sends the same event again. */
async function sendOne(
  deps: WebhookSenderDeps,
  endpoint: Endpoint,
  delivery: WebhookDelivery,
): Promise<void> {
  const { endpoints, webhooks, call, now, failpoint, report } = deps
  const at = now()
  const answer = await call({ url: endpoint.url, secrets: validSecrets(endpoint, at), delivery, at })
  failpoint('webhook-answer')
  const { state, pauses } = conclude(delivery, answer, now())
  if (!(await webhooks.store(state)) || pauses === undefined) return
  const present = await endpoints.find(endpoint.id)
  if (present?.pausedAt !== undefined || !present) return
  if (await endpoints.pause(pauseFailing(present, pauses, now())))
    report('an endpoint is paused, and gets no events until staff resume it', {
      endpointId: endpoint.id,
      reason: pauses,
    })
}
