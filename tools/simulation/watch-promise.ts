import type { Parts } from './parts.ts'

/** The latest time that a UUIDv7 can hold, which is later than any order. */
const farAway = new Date(2 ** 48 - 1)

/** A decision is due within this time while the system is up. */
const promiseMs = 60_000
/** When the broker is away, a decision is due within this time, because the consumer notices it and sweeps. */
const withoutBrokerMs = 15_000

/**
 * Checks all the time, and not only at the end, that no order is pending for too long while the system is up. An
 * absence of the broker does not count as an outage, because the sweeper must settle orders then.
 */
export function watchPromise({ world, setup, stores, faults, broker }: Parts) {
  const createdAt = new Map<string, number>()
  const broken = new Set<string>()
  let impairedUntil = 0
  let brokerUpAt = world.time.now()
  faults.onStrike(() => impaired(20_000))

  function impaired(ms: number): void {
    impairedUntil = Math.max(impairedUntil, world.time.now() + ms)
  }

  return {
    impaired,
    broken: (): readonly string[] => [...broken],
    async look(): Promise<void> {
      const now = world.time.now()
      if (broker.isUp()) brokerUpAt = now
      if (!setup.sweeps) return
      for (const { orderId: id } of await stores.orders.pendingSince(farAway, 1_000)) {
        const since = Math.max(createdAt.get(id) ?? now, impairedUntil)
        if (!createdAt.has(id)) createdAt.set(id, now)
        // The order may have been noticed one look late.
        if (now - since > promiseMs)
          broken.add(`order ${id} is pending for longer than ${promiseMs / 1_000} s`)
        if (now - Math.max(since, brokerUpAt) > withoutBrokerMs)
          broken.add(`order ${id} is pending for longer than ${withoutBrokerMs / 1_000} s without the broker`)
      }
    },
  }
}
