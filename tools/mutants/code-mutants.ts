import type { Hunt, Mutant } from './mutant.ts'

const simulation: Hunt = { by: 'simulation' }
const inConsumer = 'internal/consumer/infrastructure/run-subscription.ts'
const inSettle = 'internal/order/domain/settle.ts'
const inOrder = 'internal/order/domain/order.ts'
const inPlaceOrder = 'internal/order/application/place-order.ts'

/** Rules in code that the simulation runs unchanged. */
export const codeMutants: readonly Mutant[] = [
  {
    name: 'ack-before-commit',
    rule: 'a message is acknowledged after its effect has committed',
    patches: [
      {
        file: inConsumer,
        search: '  const endings = await subscription.handle(batch)\n',
        replace:
          '  for (const message of batch) message.ack()\n  const endings = await subscription.handle(batch)\n',
      },
    ],
    hunt: simulation,
  },
  {
    name: 'no-retry',
    rule: 'a message whose effect failed comes again',
    patches: [{ file: inConsumer, search: 'message.nak(verdict.delayMs)', replace: 'message.ack()' }],
    hunt: simulation,
  },
  {
    name: 'durable-without-incarnation (simulated)',
    rule: "the durable's name carries the stream's incarnation",
    patches: [{ file: inConsumer, search: 'name: `${name}-${incarnation}`', replace: 'name' }],
    hunt: simulation,
  },
  {
    name: 'sweeper-off',
    rule: 'the sweeper does what no message has done',
    patches: [
      {
        file: 'internal/order/application/sweep-orders.ts',
        search: 'await orders.pendingSince(before, sweepBatch)',
        replace: '[] as Awaited<ReturnType<Orders["pendingSince"]>>',
      },
    ],
    hunt: simulation,
  },
  {
    name: 'silence-unheard',
    rule: 'while the broker is silent, orders are decided by the sweeper within seconds',
    patches: [
      {
        file: 'internal/consumer/infrastructure/run-sweeper.ts',
        search: 'const silent = isSilent()',
        replace: 'const silent = isSilent() && intervalMs < 0',
      },
    ],
    hunt: simulation,
  },
  {
    name: 'no-status-guard',
    rule: 'an order moves along the lawful transitions only',
    patches: [
      {
        file: inSettle,
        search: "    case 'pending':\n",
        replace: "    case 'pending':\n    case 'canceled':\n",
      },
      { file: inSettle, search: "    case 'canceled': // its", replace: '    // its' },
      { file: inOrder, search: 'if (!allowed.includes(status)) {', replace: 'if (allowed.length > 9) {' },
    ],
    hunt: simulation,
  },
  {
    name: 'no-idempotency-key',
    rule: 'the same Idempotency-Key gives the same order',
    patches: [
      {
        file: inPlaceOrder,
        search: 'orders.add(change, key, traceOf(call))',
        replace: 'orders.add(change, undefined, traceOf(call))',
      },
    ],
    hunt: simulation,
  },
  {
    name: 'oversell',
    rule: 'what one order takes is gone for the next',
    patches: [
      {
        file: 'internal/inventory/stock/domain/allocate.ts',
        search: 'if (units < quantity) shortages.push',
        replace: 'if (units <= 0) shortages.push',
      },
    ],
    hunt: simulation,
  },
  {
    name: 'epoch-detection-off',
    rule: 'a stream that has lost messages is filled again',
    patches: [
      {
        file: 'internal/producer/domain/broker-stream.ts',
        search: 'return now.created !== seen.created || now.lastSeq < seen.lastSeq',
        replace: 'return now.created === "" && seen.created === ""',
      },
    ],
    hunt: simulation,
  },
  {
    name: 'restarted-server-trusted',
    rule: 'nothing is published to a server that nobody has looked at since it started',
    patches: [
      {
        file: 'internal/producer/infrastructure/watched-server.ts',
        search: 'nats.isConnected() && present() === watched',
        replace: 'nats.isConnected() && watched !== ""',
      },
    ],
    hunt: simulation,
  },
  {
    name: 'filled-up-copy-trusted',
    rule: 'an older copy of the store that others have filled up is noticed',
    patches: [
      {
        file: 'internal/producer/domain/broker-stream.ts',
        search: "return lastMessageId !== '' && stored !== undefined && stored !== lastMessageId",
        replace: "return lastMessageId === '' && stored === ''",
      },
    ],
    hunt: simulation,
  },
  {
    name: 'unanswered-is-published',
    rule: 'an event is marked only when the broker has said that it is stored',
    patches: [
      {
        file: 'internal/producer/domain/publication.ts',
        search: "    case 'later':\n      return undefined\n",
        replace: "    case 'later':\n      return { kind: 'published', event, streamSeq: 0 }\n",
      },
    ],
    hunt: simulation,
  },
]
