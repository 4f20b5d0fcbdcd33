import type { Log } from '../../platform/log.ts'
import type { Nats } from '../../platform/nats.ts'
import { gatewaySubject } from '../event-subjects.ts'
import { busOver, type Bus } from './bus.ts'

/** Plain messages, which nothing keeps. */
export function natsBus({ connection, isConnected }: Nats, log: Log): Bus {
  return busOver(
    {
      isConnected,
      // A timer may have something to tell while the gateway closes.
      send(topic, text) {
        if (connection.isClosed() || connection.isDraining()) return
        connection.publish(gatewaySubject(topic), text)
      },
      receive(topic, handle) {
        connection.subscribe(gatewaySubject(topic), {
          callback(err, message) {
            if (err) log.warn({ err }, 'a message of another gateway could not be received')
            else handle(message.string())
          },
        })
      },
    },
    log,
  )
}
