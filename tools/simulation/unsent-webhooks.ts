import type { Parts } from './parts.ts'

/** What of the events that endpoints want is not read or not sent yet, in words. */
export async function unsentWebhooks({ setup, stores, broker }: Parts): Promise<readonly string[]> {
  if (!setup.tells) return []
  const { queued } = await stores.webhooks.webhooks.countQueued()
  const positions = await Promise.all(
    [...broker.streams().values()].map(async ({ name, created, messages }) => {
      const at = await stores.webhooks.webhooks.position(name)
      const isBehind = at && (at.incarnation !== created || at.seq < messages.length)
      return isBehind && messages.length > 0
        ? [`${name} is read up to ${at.seq} of ${messages.length} for endpoints`]
        : []
    }),
  )
  return [...(queued > 0 ? [`${queued} webhooks wait`] : []), ...positions.flat()]
}
