import { publishedSubjects } from '../../internal/notification/infrastructure/webhooks/published-subjects.ts'
import { isWanted } from '../../internal/notification/domain/webhook-events.ts'
import type { Receiver } from './receiver.ts'
import type { Stores } from './stores.ts'

type Ended = {
  readonly stores: Pick<Stores, 'outbox'> & {
    readonly webhooks: { readonly endpoints: Pick<Stores['webhooks']['endpoints'], 'list'> }
  }
  readonly receiver: Pick<Receiver, 'taken'>
}

/**
 * Every endpoint has taken each event that it wants, and those of one aggregate in their order. What it took again
 * does not count: at least once is all that is promised.
 */
export async function judgeWebhooks({ stores, receiver }: Ended): Promise<readonly string[]> {
  const endpoints = await stores.webhooks.endpoints.list()
  return endpoints.flatMap(({ url, events }) => {
    const wanted = stores.outbox.filter(
      ({ subject }) => publishedSubjects.includes(subject) && isWanted(events, subject),
    )
    const taken = new Map<string, number>()
    for (const [at, id] of (receiver.taken.get(url) ?? []).entries()) if (!taken.has(id)) taken.set(id, at)
    const last = new Map<string, number>()
    return wanted.flatMap(({ id, subject, aggregateType, aggregateId, aggregateVersion }) => {
      const at = taken.get(id)
      if (at === undefined) return [`lost: ${url} never got ${subject} ${id}`]
      const aggregate = `${aggregateType} ${aggregateId}`
      const before = last.get(aggregate) ?? -1
      last.set(aggregate, Math.max(at, before))
      return at > before ? [] : [`${url} got version ${aggregateVersion} of ${aggregate} too late`]
    })
  })
}
