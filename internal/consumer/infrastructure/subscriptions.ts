import { systemCall } from '../../platform/call.ts'
import type { Reaction } from '../../platform/reaction.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Reactor } from '../../platform/service-definition.ts'
import { streamOf } from '../../platform/streams.ts'
import { readDelivery } from './read-delivery.ts'
import { batchHandler, type Subscription } from './subscription.ts'

/** One subscription for each reaction of each service. A batch of events is handed to the service in one call. */
export function subscriptionsOf(reactors: readonly Reactor[]): readonly Subscription[] {
  return reactors.flatMap(({ reactions, handlers }) =>
    reactions.map(({ name, subject, to }) => ({
      name,
      subject,
      stream: streamOf(subject),
      handle: batchHandler(
        (message) => readDelivery(message, typesOf(to)),
        async (events) => {
          const { refused } = await handlers.react({ reaction: name, events }, systemCall(''))
          const byPlace = new Map(refused.map((each) => [each.index, each]))
          return events.map((_, index) => {
            const refusal = byPlace.get(index)
            return (
              refusal && new Refusal(refusal.later ? 'unavailable' : 'invalid', refusal.code, refusal.reason)
            )
          })
        },
      ),
    })),
  )
}

const typesOf = (events: Reaction['to']): readonly string[] =>
  events.flatMap(({ type, earlierTypes }) => [type, ...earlierTypes])
