import type { Nats } from '../../platform/nats.ts'

/**
 * The run of the broker's server whose streams were looked at last. One that has started since may have come back with an
 * older store; what is added to it before somebody looks can hide what it has lost.
 */
export type WatchedServer = {
  readonly isConnected: () => boolean
  /** False from the server's next start on, until it is looked at again. */
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
