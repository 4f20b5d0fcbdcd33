import type { Log } from '../../platform/log.ts'
import { newId } from '../../platform/new-id.ts'
import type { Topic } from '../event-subjects.ts'

/** By which the gateways of a shop tell each other what none of them can know alone. It is a hint: it may be lost. */
export type Bus = {
  /** Tells all other gateways that hear it. It comes at most once, waits for nothing and never throws. */
  readonly tell: (topic: Topic, data: string) => void
  /** One's own messages do not come back. */
  readonly hear: (topic: Topic, handle: (data: string) => void) => void
  /** False while nobody would hear. */
  readonly isConnected: () => boolean
}

/** Of a gateway that is alone. */
export const noBus: Bus = { tell: () => undefined, hear: () => undefined, isConnected: () => false }

/** What a bus needs of the server that carries its messages. */
export type Carrier = {
  readonly send: (topic: Topic, text: string) => void
  readonly receive: (topic: Topic, handle: (text: string) => void) => void
  readonly isConnected: () => boolean
}

/** A server gives a message to everybody who listens, and so to its sender too. The head of a message says whose it is. */
export function busOver({ send, receive, isConnected }: Carrier, log: Log): Bus {
  const own = `${newId()} `
  return {
    isConnected,
    tell(topic, data) {
      if (isConnected()) send(topic, own + data)
    },
    hear(topic, handle) {
      receive(topic, (text) => {
        if (text.startsWith(own)) return
        try {
          handle(text.slice(own.length))
        } catch (err) {
          log.warn({ err, topic }, 'a message of another gateway could not be read')
        }
      })
    },
  }
}
