import { jetstream, jetstreamManager, type ConsumerInfo, type JsMsg } from '@nats-io/jetstream'
import { headers } from '@nats-io/transport-node'
import type { Test } from 'tap'
import { connectNats } from '../../platform/nats.ts'
import { ensureStream } from '../../platform/streams.ts'
import { eventually } from '../../platform/testing/eventually.ts'
import { testNats } from '../../platform/testing/nats-server.ts'
import { silent, testConnection, testScope } from '../../platform/testing/scope.ts'
import type { Ending } from '../domain/delivery.ts'
import { jetStreamSource } from '../infrastructure/message-source.ts'
import { runSubscription, type SubscriptionRun } from '../infrastructure/run-subscription.ts'
import type { Subscription } from '../infrastructure/subscription.ts'

export const limits = { replicas: 1, maxBytes: 104_857_600, maxAgeDays: 14 }
export const handled: Ending = { kind: 'handled' }
export const allHandled: Subscription['handle'] = async (messages) => messages.map(() => handled)

/** A stream at a real server, and processes that consume it. */
export async function consuming(t: Test) {
  const server = await testNats(t)
  const nats = await testConnection(t, server.url)
  const jsm = await jetstreamManager(nats.connection, { checkAPI: false })
  await ensureStream(jsm, 'ORDERS', limits)

  async function publish(...ids: readonly string[]): Promise<void> {
    await Promise.all(
      ids.map((id) => {
        const written = headers()
        written.set('ce-id', id)
        return jetstream(nats.connection).publish('order.created', '{}', { headers: written })
      }),
    )
  }

  /** Starts what one consumer process has: its connection, its loop, and the dead letters that it stored. */
  async function start(handle: Subscription['handle'], changes: Partial<SubscriptionRun> = {}) {
    const scope = testScope(t)
    const own = await connectNats(scope, silent, server.url, 'consumer')
    const buried: { id: string; code: string; incarnation: string }[] = []
    const state = { isRunning: false }
    const stop = new AbortController()
    const run: SubscriptionRun = {
      source: jetStreamSource(own),
      log: silent,
      bury: async (_subscription, message, incarnation, code) => {
        buried.push({ id: idOf(message), code, incarnation })
      },
      onDelivery: (delivery) => void (state.isRunning = delivery !== undefined),
      ...changes,
    }
    const subscription: Subscription = {
      name: 'settle-created',
      stream: 'ORDERS',
      subject: 'order.created',
      handle,
    }
    const loop = runSubscription(subscription, run, stop.signal)
    const end = async (): Promise<void> => {
      stop.abort()
      await loop
    }
    t.teardown(end)
    return { buried, state, end, nats: own }
  }

  const consumers = async (): Promise<readonly ConsumerInfo[]> => jsm.consumers.list('ORDERS').next()
  const settled = () =>
    eventually('nothing is left to do', async () => {
      const infos = await consumers()
      return infos.length > 0 && infos.every((info) => info.num_pending + info.num_ack_pending === 0)
    })
  return { server, nats, jsm, publish, start, consumers, settled }
}

export const idOf = (message: JsMsg): string => message.headers?.get('ce-id') ?? ''

/** Holds up `handle` until the test opens the gate. */
export function gate() {
  const held = { open: () => {}, isReached: false }
  const opened = new Promise<void>((resolve) => (held.open = resolve))
  const pass = (): Promise<void> => {
    held.isReached = true
    return opened
  }
  return {
    pass,
    open: () => held.open(),
    reached: () => eventually('the gate is reached', () => held.isReached),
  }
}
