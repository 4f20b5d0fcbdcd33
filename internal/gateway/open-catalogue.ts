import type { Log } from '../platform/log.ts'
import type { Nats } from '../platform/nats.ts'
import type { Changed } from './catalogue-changes.ts'
import { catalogueFeed } from './catalogue-feed.ts'
import { keptAnswers } from './limits.ts'
import { sharedAnswers } from './shared-answers.ts'
import type { Together } from './together/open-together.ts'

type Deps = { readonly nats: Nats | undefined; readonly log: Log; readonly together: Together }

/** What is changed by a command that passes through here is told to the other gateways, before the event tells them. */
export function openCatalogue({ nats, log, together: { bus } }: Deps) {
  const answers = sharedAnswers({
    ...keptAnswers,
    nowMs: () => performance.now(),
    onReading: () => feed.listen(),
  })
  const feed = catalogueFeed(nats, log, answers.changed)
  bus.hear('catalogue', (data) => answers.changed(data.split('\n')))
  const changedHere: Changed = (things) => {
    answers.changed(things)
    bus.tell('catalogue', things.join('\n'))
  }
  return { answers, feed, changedHere }
}
