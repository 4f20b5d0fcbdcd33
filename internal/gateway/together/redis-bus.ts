import type { Log } from '../../platform/log.ts'
import { busOver, type Bus } from './bus.ts'
import type { SharedRedis } from './redis.ts'

const channelOf = (topic: string): string => `tillstream:${topic}`

/** Pub/sub, which keeps nothing. */
export function redisBus({ ask, isConnected, listener }: SharedRedis, log: Log): Bus {
  const heard = new Map<string, (text: string) => void>()
  // A subscription that fails, because the connection ends meanwhile, is made again with the next one.
  const subscribe = (): void => {
    if (heard.size > 0) void listener.subscribe(...heard.keys()).catch(() => undefined)
  }
  listener.on('ready', subscribe)
  listener.on('message', (channel: string, text: string) => heard.get(channel)?.(text))
  return busOver(
    {
      isConnected,
      send: (topic, text) => void ask((client) => client.publish(channelOf(topic), text)),
      receive(topic, handle) {
        heard.set(channelOf(topic), handle)
        if (listener.status === 'ready') subscribe()
      },
    },
    log,
  )
}
