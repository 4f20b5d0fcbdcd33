import { setTimeout as sleep } from 'node:timers/promises'

export type Patience = { readonly withinMs: number; readonly everyMs?: number }

/** Looks again and again until it finds something. Returns undefined when it has found nothing in time. */
export async function until<Found>(
  look: () => Promise<Found | undefined | false> | Found | undefined | false,
  { withinMs, everyMs = 50 }: Patience,
): Promise<Found | undefined> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const found = await look()
    if (found !== undefined && found !== false) return found
    if (performance.now() > deadline) return undefined
    await sleep(everyMs)
  }
}
