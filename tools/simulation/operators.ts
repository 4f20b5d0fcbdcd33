import { discardDeadLetter, requeueDeadLetter } from '../../internal/consumer/application/dead-letters.ts'
import type { Call } from '../../internal/platform/call.ts'
import { republishing } from './broker-ports.ts'
import type { Header } from './jetstream.ts'
import type { Parts } from './parts.ts'
import type { DeskStep, Poison } from './steps.ts'
import { newProcess } from './process.ts'

export type Desk = {
  readonly act: (step: DeskStep) => void
  /** Orders that do not exist, but about which a stranger has published events. */
  readonly invented: ReadonlySet<string>
  readonly busy: () => number
}

const encoder = new TextEncoder()

/** Operators take care of dead letters, and strangers publish whatever they like. */
export function newDesk(parts: Parts, productIds: readonly string[]): Desk {
  const { world, stores, network, broker, faults } = parts
  const process = newProcess('operator', 'client')
  const letters = network.over(process, 'letters', stores.letters)
  broker.connect(process)
  const republish = republishing({ world, broker, faults, process })
  const requeue = requeueDeadLetter({ letters, republish })
  const discard = discardDeadLetter({ letters })
  const admin: Call = {
    actor: { kind: 'user', userId: parts.newUuid(process), role: 'admin' },
    correlationId: 'operator',
    traceparent: '',
  }
  const invented = new Set<string>()
  let busy = 0

  function resolve(what: 'requeue' | 'discard', nth: number): void {
    const open = stores.letters.all().filter(({ status }) => status === 'open')
    const letter = open[nth % open.length]
    if (!letter) return
    busy++
    const work =
      what === 'requeue' ? requeue(letter.id, admin) : discard({ id: letter.id, reason: '' }, admin)
    // A refusal is an answer too, as when somebody was quicker or the broker is away. Then the letter stays as it is.
    void work.then(
      () => {
        busy--
        world.count(what)
      },
      () => busy--,
    )
  }

  function poison(what: Poison, times: number): void {
    const id = parts.newUuid(process)
    const headers: Header[] = [['ce-type', 'tillstream.order.created.v1']]
    if (what !== 'no id') headers.push(['ce-id', id])
    const productId = what === 'unknown product' ? parts.newUuid(process) : productIds[0]
    const order = { id: parts.newUuid(process), items: [{ productId, quantity: 1 }] }
    const data = encoder.encode(what === 'not JSON' ? '{' : JSON.stringify({ order }))
    for (let turn = 0; turn < times; turn++) {
      // The two copies have different message ids, so both are delivered.
      const message = { subject: 'order.created', headers, data, messageId: `${id} ${turn}` }
      const published = broker.isUp() && broker.publish(message)
      if (!published || published.kind !== 'stored') continue
      world.count('poison')
      invented.add(order.id)
    }
  }

  return {
    invented,
    busy: () => busy,
    act: (step) =>
      step.do === 'publish poison' ? poison(step.what, step.times) : resolve(step.do, step.nth),
  }
}
