import { jetstreamManager } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { setTimeout as sleep } from 'node:timers/promises'
import { streams } from '../../internal/platform/streams.ts'
import type { Progress } from '../shared/progress.ts'
import { comeToRest } from '../chaos/rest.ts'
import { inSync, makePlainStream, moveLeader, plainStream } from './leaders.ts'
import { replicas, type ClusterShop } from './open-cluster-shop.ts'
import { startPlainPublisher } from './plain-publisher.ts'
import type { Kill, Report } from './report.ts'
import { startShoppers, type Placed } from './shoppers.ts'
import type { Usage } from './usage.ts'

type Deps = {
  readonly shop: ClusterShop
  readonly connection: NatsConnection
  readonly progress: Progress
}

const calmMs = 3_000
/** Longer than an order may wait. */
const decidedWithinMs = 60_000

type Told = Omit<Report, 'violations' | 'natsVersion'>

/** Kills each server while it leads both the orders' stream and the plain one; all are in step again before the next. */
export async function killInTurn({ shop, connection, progress }: Deps, wanted: Usage): Promise<Told> {
  const jsm = await jetstreamManager(connection, { checkAPI: false, timeout: 2_000 })
  await makePlainStream(jsm, replicas)
  const everyStream = [...streams.map(({ name }) => name), plainStream]
  const plain = startPlainPublisher(connection)
  const shoppers = startShoppers({ ...shop, ordersPerSecond: wanted.rate })
  const kills: Kill[] = []
  for (let round = 1; round <= wanted.rounds; round++) {
    for (const node of shop.nodes) {
      await progress.during(`${node.name} leads`, async () => {
        await inSync(jsm, everyStream)
        for (const stream of ['ORDERS', plainStream]) await moveLeader(connection, jsm, stream, node.name)
        await sleep(calmMs)
      })
      await progress.during(`without ${node.name}`, async () => {
        const at = performance.now()
        await node.kill()
        await sleep(wanted.awaySeconds * 1_000)
        await decided(shoppers.open)
        const brokerMs = plain.longestGapMs(at)
        const orders = shoppers.placed().filter((order) => order.at >= at - calmMs)
        kills.push({ node: node.name, orders: orders.length, brokerMs, longestWaitMs: longestWait(orders) })
        await node.start()
      })
    }
  }
  await progress.during('coming to rest', async () => {
    await inSync(jsm, everyStream)
    await shoppers.stop()
    await plain.stop()
    await comeToRest(shop.databaseUrl)
  })
  const orders = shoppers.placed()
  return {
    kills,
    orders: orders.length,
    refused: shoppers.refused(),
    longestWaitMs: longestWait(orders),
  }
}

/** Those that are pending now. */
async function decided(open: () => readonly Placed[]): Promise<void> {
  const waiting = open()
  const deadline = performance.now() + decidedWithinMs
  while (waiting.some(({ decidedAt }) => decidedAt === undefined) && performance.now() < deadline)
    await sleep(100)
}

const longestWait = (orders: readonly Placed[]): number =>
  Math.max(0, ...orders.map(({ at, decidedAt }) => (decidedAt ?? performance.now()) - at))
