import { requirePermission, traceOf, type Call } from '../../platform/call.ts'
import { doOnce, type Done } from '../../platform/do-once.ts'
import type { Facts } from '../../platform/act.ts'
import { Refusal } from '../../platform/refusal.ts'
import {
  changeEndpoint,
  endpointFacts,
  newEndpoint,
  type Endpoint,
  type EndpointId,
  type EndpointWish,
} from '../domain/endpoint.ts'
import { parseEvents } from '../domain/webhook-events.ts'
import type { AskedByStaff, Endpoints, Webhooks } from './webhook-ports.ts'

export type EndpointDeps = {
  readonly endpoints: Endpoints
  readonly webhooks: Webhooks
  readonly now: () => Date
  readonly newEndpointId: () => EndpointId
  readonly newSecret: () => string
  /** The URL as it is stored. Refuses those that may not be called. */
  readonly parseUrl: (url: string) => string
  /** Refuses what signs nothing well. */
  readonly parseSecret: (secret: string) => string
  /** The subjects of all events. */
  readonly published: readonly string[]
  /** Called when there is something to do. */
  readonly wake: () => void
}

export type NewEndpointInput = {
  readonly url: string
  readonly events: readonly string[]
  readonly secret: string | undefined
}

/** Each of them costs a call for every event. */
const mostEndpoints = 100

export function createEndpoint(deps: EndpointDeps) {
  const { endpoints, now, newEndpointId, newSecret, published, wake } = deps
  return async (input: NewEndpointInput, call: Call): Promise<Done<Endpoint>> => {
    requirePermission(call, 'webhooks:write')
    const done = await doOnce(call.once, endpoints.findByRequest, async () => {
      const url = deps.parseUrl(input.url)
      const events = parseEvents(input.events, published)
      const secret = input.secret === undefined ? newSecret() : deps.parseSecret(input.secret)
      if ((await endpoints.list()).length >= mostEndpoints)
        throw new Refusal('conflict', 'webhook.too-many', `there are ${mostEndpoints} endpoints already`)
      const endpoint = newEndpoint({ id: newEndpointId(), url, events, secret }, now())
      await endpoints.add(
        endpoint,
        askedBy(call, 'webhook.created', endpoint.id, {}, endpointFacts(endpoint)),
      )
      return endpoint
    })
    wake()
    return done
  }
}

export function listEndpoints({ endpoints }: Pick<EndpointDeps, 'endpoints'>) {
  return async (call: Call): Promise<readonly Endpoint[]> => {
    requirePermission(call, 'webhooks:read')
    return endpoints.list()
  }
}

export function getEndpoint({ endpoints }: Pick<EndpointDeps, 'endpoints'>) {
  return async (id: EndpointId, call: Call): Promise<Endpoint> => {
    requirePermission(call, 'webhooks:read')
    return found(await endpoints.find(id))
  }
}

export type EndpointChange = Omit<EndpointWish, 'secret'> & { readonly rotatesSecret: boolean }

/** Returns the endpoint, and its new secret if it has got one. */
export function changeEndpointOf(deps: EndpointDeps) {
  const { endpoints, webhooks, now, newSecret, published, wake } = deps
  return async (id: EndpointId, change: EndpointChange, call: Call) => {
    requirePermission(call, 'webhooks:write')
    const secret = change.rotatesSecret ? newSecret() : undefined
    const before = found(await endpoints.find(id))
    const wish = {
      url: change.url === undefined ? undefined : deps.parseUrl(change.url),
      events: change.events === undefined ? undefined : parseEvents(change.events, published),
      ...{ isPaused: change.isPaused, secret },
    }
    const endpoint = changeEndpoint(before, wish, now())
    const [was, is] = [endpointFacts(before), endpointFacts(endpoint)]
    const asked = askedBy(call, 'webhook.updated', id, was, {
      ...is,
      ...(secret === undefined ? {} : { isSecretNew: true }),
    })
    if (!(await endpoints.store(endpoint, asked)))
      throw new Refusal('conflict', 'webhook.changed', 'the endpoint has just changed; look at it again')
    if (before.pausedAt !== undefined && endpoint.pausedAt === undefined) await webhooks.retryAll(id, now())
    wake()
    return { endpoint, secret }
  }
}

export function deleteEndpoint({ endpoints }: Pick<EndpointDeps, 'endpoints'>) {
  return async (id: EndpointId, call: Call): Promise<void> => {
    requirePermission(call, 'webhooks:write')
    const before = found(await endpoints.find(id))
    await endpoints.remove(id, askedBy(call, 'webhook.deleted', id, endpointFacts(before), {}))
  }
}

export const found = (endpoint: Endpoint | undefined): Endpoint => {
  if (endpoint) return endpoint
  throw new Refusal('not-found', 'webhook.not-found', 'there is no such endpoint')
}

export const askedBy = (
  call: Call,
  what: string,
  subjectId: string,
  before: Facts,
  after: Facts,
): AskedByStaff => ({
  ...{ once: call.once, trace: traceOf(call) },
  act: { what, subjectId, before, after },
})
