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
      if (!seen) await mailbox.rememberStream(name, now)
      else if ((await isLost(name, seen, now)) && (await mailbox.openEpoch(name, seen, now))) lost.push(name)
    }
    return lost
  }

  async function isLost(name: string, seen: SeenStream, now: StreamNow): Promise<boolean> {
    if (hasLostMessages(seen, now)) return true
    if (seen.lastMessageId === '') return false
    return isOverwritten(seen, await broker.messageIdAt(name, seen.lastSeq))
  }
}
