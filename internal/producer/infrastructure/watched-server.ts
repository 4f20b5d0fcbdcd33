import type { Nats } from '../../platform/nats.ts'

/**
 * Remembers which run of the nats-server was the last to have its streams checked. A server that has started since may
 * have come back with an older store, and what is published to it before the next check could hide what it has lost.
 */
export type WatchedServer = {
  readonly isConnected: () => boolean
  /** False after the server has started again, until its streams have been checked. */
  readonly isCurrent: () => boolean
  readonly look: <Found>(at: () => Promise<Found>) => Promise<Found>
}

export function watchedServer(nats: Nats): WatchedServer {
  const present = (): string => nats.connection.info?.server_id ?? ''
  let watched: string | undefined
  return {
    isConnected: nats.isConnected,
    isCurrent: () => nats.isConnected() && present() === watched,
    async look(at) {
      const asked = present()
      const found = await at()
      watched = asked
      return found
    },
  }
}
