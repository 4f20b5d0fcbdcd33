import type { Subscription } from '@nats-io/nats-core'
import type { Log } from '../platform/log.ts'
import type { Nats } from '../platform/nats.ts'
import { anyCategory, anyFamily, anyProduct, anyStock, type Changed } from './catalogue-changes.ts'
import { catalogueSubjects } from './event-subjects.ts'
import type { Thing } from './shared-answers.ts'

export type CatalogueFeed = {
  /** Is called before something is read that will be cached. Starts to listen if it does not listen yet. */
  readonly listen: () => void
  readonly stop: () => void
}

/** The feed stops listening after this time without a read. It is much longer than an answer is cached. */
const defaultQuietMs = 10_000

/** Listens to changes as they are published, but only while somebody reads, because there may be thousands a second. */
export function catalogueFeed(
  nats: Nats | undefined,
  log: Log,
  changed: Changed,
  quietMs = defaultQuietMs,
): CatalogueFeed {
  let subscriptions: readonly Subscription[] = []
  let timer: NodeJS.Timeout | undefined
  let isUsed = false
  let stopped = false

  function leave(): void {
    clearInterval(timer)
    for (const subscription of subscriptions) subscription.unsubscribe()
    subscriptions = []
  }

  function stopWhenQuiet(): void {
    if (!isUsed) leave()
    isUsed = false
  }

  return {
    listen() {
      isUsed = true
      if (stopped || !nats?.isConnected() || subscriptions.length > 0) return
      subscriptions = catalogueSubjects.map((subject) =>
        nats.connection.subscribe(subject, {
          callback(err, message) {
            if (err) log.warn({ err }, 'an event of the catalogue could not be received')
            else changed(changesIn(message.subject, message.string()))
          },
        }),
      )
      timer = setInterval(stopWhenQuiet, quietMs).unref()
    },
    stop() {
      stopped = true
      leave()
    },
  }
}

/** All products that an event names, wherever it does: {"product":{"id"}}, {"productId"}, {"lines":[{"productId"}]}. */
function changesIn(subject: string, data: string): readonly Thing[] {
  const ids = Array.from(data.matchAll(namedProduct), ([, id = '']) => id)
  return [...ids, ...changedWith(subject)]
}

function changedWith(subject: string): readonly Thing[] {
  if (subject.startsWith('category.')) return [anyCategory, anyProduct]
  if (subject.startsWith('family.')) return [anyFamily]
  return [subject.startsWith('product.') ? anyProduct : anyStock]
}

const namedProduct = /"(?:productId|id)":"([0-9a-f-]{36})"/g
