import { pino } from 'pino'
import type { Accounts } from '../../internal/payment/application/accounts.ts'
import { offeredMethods } from '../../internal/payment/application/methods.ts'
import { paymentApp } from '../../internal/payment/application/payment-app.ts'
import { workOff } from '../../internal/payment/application/work-off.ts'
import { paymentRpc } from '../../internal/payment/infrastructure/payment-rpc.ts'
import { runWorker } from '../../internal/payment/infrastructure/run-worker.ts'
import { systemCall, traceOf } from '../../internal/platform/call.ts'
import { reactionRpc } from '../../internal/platform/reaction.ts'
import { createSignal } from '../../internal/platform/signal.ts'
import type { Parts, PaymentHandlers, ReactionHandlers } from './parts.ts'
import type { Process } from './process.ts'
import { noStaff } from '../../internal/payment/testing/no-staff.ts'

/** Shorter than in the product, so that more happens in less simulated time. */
const revivalWaitMs = 3_000
const givenUpAfterMs = 3 * 86_400_000
const atOnce = 4

/** Starts one life of a payment process: its calls, its reactions and its worker. */
export function startPayment(parts: Parts, process: Process): PaymentHandlers & ReactionHandlers {
  const { network, stores, now, newUuid, world, setup } = parts
  const signal = createSignal()
  const wake = (): void => signal.notify()
  const remote = network.over(process, 'accounts', stores.payments.accounts)
  const accounts: Accounts = {
    ...remote,
    async update(orderId, decide, options) {
      const updated = await remote.update(orderId, decide, options)
      wake()
      return updated
    },
  }
  const work = network.over(process, 'work', stores.payments.work)
  const messages = network.over(process, 'inbox', stores.payments.inbox)
  const inbox: typeof messages = {
    ...messages,
    async receive(message, at) {
      await messages.receive(message, at)
      wake()
    },
  }
  const provider = parts.provider.as(process)
  const deps = {
    ...{ ...noStaff, accounts, work, inbox, wake },
    methods: offeredMethods([provider], true),
    providerOf: (name: string) => (name === provider.name ? provider : undefined),
    newId: () => newUuid(process),
    now: () => now(process),
    capture: setup.capturesLater ? ('shipment' as const) : ('at-once' as const),
    attemptsPerHour: 1_000,
  }
  const worker = workOff({
    ...{ ...deps, atOnce, givenUpAfterMs, revivalWaitMs },
    providers: [provider.name],
    notifyUrlOf: () => undefined,
    failpoint: () => undefined, // processes die before and after each of their effects anyway
    newTrace: () => traceOf(systemCall(newUuid(process))),
    report: (what) => world.count(what),
  })
  const loop = { workOff: worker, signal, now: deps.now }
  void runWorker({ ...loop, log: pino({ level: 'silent' }) }, process.stop.signal)
  return {
    ...reactionRpc({}),
    ...paymentRpc({
      ...paymentApp(deps),
      methods: deps.methods,
      hasOpenMoney: async () => false,
      takeOverOrders: async () => undefined,
    }),
  }
}
