import { changeEndpointOf } from '../../internal/notification/application/endpoints.ts'
import { newEndpoint, type EndpointId } from '../../internal/notification/domain/endpoint.ts'
import { publishedSubjects } from '../../internal/notification/infrastructure/webhooks/published-subjects.ts'
import { systemCall, traceOf } from '../../internal/platform/call.ts'
import type { Stores } from './stores.ts'
import type { World } from './world.ts'

type There = { readonly world: World; readonly stores: Stores }

/** The back ends that want events, and which of them. They are older than the shop, whose clocks may be slow. */
const wanted: Readonly<Record<string, readonly string[]>> = {
  'https://books.example/': ['order.*', 'payment.*'],
  'https://goods.example/': ['order.*', 'stock.*'],
}
const olderMs = 86_400_000

export async function addEndpoints({ world, stores }: There): Promise<void> {
  const at = new Date(world.time.now() - olderMs)
  const asked = { trace: traceOf(systemCall('')), act: { what: '', subjectId: '', before: {}, after: {} } }
  let endpoints = 0
  for (const [url, events] of Object.entries(wanted)) {
    const id = `00000000-0000-7000-9000-${String(++endpoints).padStart(12, '0')}` as EndpointId
    await stores.webhooks.endpoints.add(newEndpoint({ id, url, events, secret: '' }, at), asked)
  }
}

/** What staff do about endpoints that wanted nothing more for a while. */
export async function resumeEndpoints({ world, stores }: There): Promise<void> {
  const change = changeEndpointOf({
    ...stores.webhooks,
    ...{ now: () => new Date(world.time.now()), published: publishedSubjects, wake: () => undefined },
    ...{ newEndpointId: () => '' as EndpointId, newSecret: () => '' },
    ...{ parseUrl: (url: string) => url, parseSecret: (secret: string) => secret },
  })
  for (const { id, pausedAt } of await stores.webhooks.endpoints.list()) {
    if (pausedAt === undefined) continue
    world.count('endpoint resumed')
    await change(id, { isPaused: false, rotatesSecret: false }, systemCall(''))
  }
}
