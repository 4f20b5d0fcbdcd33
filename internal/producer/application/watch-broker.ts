import { hasLostMessages, isOverwritten, type SeenStream, type StreamNow } from '../domain/broker-stream.ts'
import type { Broker } from './broker.ts'
import type { Mailbox } from './mailbox.ts'

type Deps = { readonly mailbox: Mailbox; readonly broker: Broker }

/** Creates missing streams and publishes again what a stream has lost. Returns the streams that had lost messages. */
export function watchBroker({ mailbox, broker }: Deps) {
  return async (): Promise<readonly string[]> => {
    // This is read before the broker is asked, so that what another producer publishes meanwhile does not look like a
    // loss.
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
   * Returns the state with which the stream's next incarnation begins, or undefined when the stream still has all that
   * it acknowledged. A stream that was cut back or has a damaged record is recreated first, because publishing to it
   * again would not be safe: nats-server 2.10 never delivers a sequence number that a durable has passed, even when
   * another message is stored there now, and 2.9 acknowledges messages behind a damaged record that it can never read
   * again.
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
