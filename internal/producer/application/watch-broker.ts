import { hasLostMessages, isOverwritten, type SeenStream, type StreamNow } from '../domain/broker-stream.ts'
import type { Broker } from './broker.ts'
import type { Mailbox } from './mailbox.ts'

type Deps = { readonly mailbox: Mailbox; readonly broker: Broker }

/** Makes missing streams, and publishes again what a stream has lost. Answers with the streams that had lost messages. */
export function watchBroker({ mailbox, broker }: Deps) {
  return async (): Promise<readonly string[]> => {
    // Read before the broker is asked: what another producer acknowledges meanwhile must not look like a loss.
    const seenStreams = await mailbox.seenStreams()
    const lost: string[] = []
    for (const [name, now] of await broker.ensureStreams()) {
      const seen = seenStreams.get(name)
      if (!seen) {
        await mailbox.rememberStream(name, now)
        continue
      }
      const begun = await lossOf(name, seen, now)
      if (begun && (await mailbox.openEpoch(name, seen, begun))) lost.push(name)
    }
    return lost
  }

  /**
   * What the stream's next epoch begins with; undefined: it has all that it acknowledged. What is published again is only safe
   * in a stream that is made anew when the old one was cut back or has a damaged record: nats-server 2.10 never gives a durable
   * the places that it has already seen, whatever is stored there now, and 2.9 acknowledges what it adds behind a damaged
   * record and can never read it again.
   */
  async function lossOf(name: string, seen: SeenStream, now: StreamNow): Promise<StreamNow | undefined> {
    if (hasLostMessages(seen, now))
      return (now.created === seen.created ? await broker.remakeCutBack(name, seen) : undefined) ?? now
    if (seen.lastMessageId === '') return undefined
    const stored = await broker.messageIdAt(name, seen.lastSeq)
    if (!isOverwritten(seen, stored)) return undefined
    return (stored === '' ? await broker.remakeDamaged(name, seen.lastSeq) : undefined) ?? now
  }
}
