import { StorageType, type JetStreamManager } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { setTimeout as sleep } from 'node:timers/promises'

/** The stream that the plain publisher writes to. */
export const plainStream = 'PLAIN'

const lookEveryMs = 300
const leaderWithinMs = 60_000
const syncedWithinMs = 90_000

/** A cluster that has just started has no leader that could make a stream. */
export async function makePlainStream(jsm: JetStreamManager, replicas: number): Promise<void> {
  const config = {
    name: plainStream,
    subjects: ['plain.>'],
    num_replicas: replicas,
    storage: StorageType.File,
    max_bytes: 104_857_600,
  }
  await until('a cluster that makes streams', leaderWithinMs, () =>
    jsm.streams.add(config).then(
      () => true,
      () => false,
    ),
  )
}

/** Has the stream led by that server. */
export async function moveLeader(
  connection: NatsConnection,
  jsm: JetStreamManager,
  stream: string,
  node: string,
): Promise<void> {
  await until(`${node} leads ${stream}`, leaderWithinMs, async () => {
    const { cluster } = await jsm.streams.info(stream)
    if (cluster?.leader === node) return true
    // Whoever is elected then is chance in a server before 2.11, which knows no preference.
    await connection.request(`$JS.API.STREAM.LEADER.STEPDOWN.${stream}`)
    return false
  })
}

/** All replicas of all streams are up to date. */
export async function inSync(jsm: JetStreamManager, streams: readonly string[]): Promise<void> {
  await until('all replicas are up to date', syncedWithinMs, async () => {
    const infos = await Promise.all(streams.map((stream) => jsm.streams.info(stream)))
    return infos.every(
      ({ cluster, config }) =>
        cluster?.leader &&
        cluster.replicas?.filter(({ current }) => current).length === config.num_replicas - 1,
    )
  })
}

async function until(what: string, withinMs: number, isSo: () => Promise<unknown>): Promise<void> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const found = await isSo().catch(() => false)
    if (found) return
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`)
    await sleep(lookEveryMs)
  }
}
