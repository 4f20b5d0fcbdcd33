import type { Hunt, Mutant } from './mutant.ts'

const keeping = 'internal/order/application/keep-money.test.ts'
const inKeeping = 'internal/order/application/keep-money.ts'
const drill = (file: string, test: string): Hunt => ({ by: 'drill', file, test })

/** What orders and payments tell each other: of money that is only authorized, of orders that are over, and of forgeries. */
export const captureMutants: readonly Mutant[] = [
  {
    name: 'packed-goods-not-paid-for',
    rule: 'money that is authorized is captured when goods are packed',
    patches: [
      {
        file: 'internal/order/application/capture-packed.ts',
        search: '!moneyTaken && lines.some(',
        replace: 'moneyTaken && lines.some(',
      },
    ],
    hunt: { by: 'simulation' },
  },
  {
    name: 'authorized-after-packing-forgotten',
    rule: 'money that is authorized after goods were packed is captured as well',
    patches: [
      {
        file: inKeeping,
        search: "if (money.authorizedMinor > 0n && isCaptureDue(file.order)) return 'to capture'\n",
        replace: '',
      },
    ],
    hunt: drill(keeping, 'money that is authorized after goods were packed is captured'),
  },
  {
    name: 'captured-before-packing',
    rule: 'a shop that takes money by shipment takes none before',
    patches: [
      {
        file: 'internal/payment/domain/settle.ts',
        search: "(payment.capture === 'at-once' || gate.capture === 'at-once')",
        replace: 'payment.capture.length > 0',
      },
    ],
    hunt: drill(
      'internal/payment/domain/take-at-once.test.ts',
      'what is authorized is captured when goods are about to leave, once',
    ),
  },
  {
    name: 'money-of-an-event-unasked',
    rule: 'an event of money is a hint: the payments are asked, and what they do not know is refused',
    patches: [
      {
        file: inKeeping,
        search: 'if (!money.has(orderId)) return unknownMoney(orderId)',
        replace: 'if (!money.has(orderId)) return undefined',
      },
    ],
    hunt: drill(
      keeping,
      'an event is believed nothing: the payments are asked, and one that is forged changes nothing',
    ),
  },
  {
    name: 'remembered-money-told',
    rule: 'what a process remembers of money answers for no event that came later',
    patches: [
      {
        file: 'internal/payment/application/gates.ts',
        search: 'lately && lately.gate.version >= version ? lately',
        replace: 'lately && version >= 0 ? lately',
      },
    ],
    hunt: drill(
      'internal/payment/payment-drills.int.test.ts',
      'what one process remembers is not told of money of which another one knows more',
    ),
  },
  {
    name: 'end-of-an-order-believed',
    rule: 'money goes back when the order says that it is over, and not when a message does',
    patches: [
      {
        file: 'internal/order/application/close-ended-orders.ts',
        search: "if (status !== 'canceled' && status !== 'rejected')",
        replace: 'if (status.length === 0)',
      },
    ],
    hunt: drill(
      'internal/order/application/close-ended-orders.test.ts',
      'the money of orders that are over goes back, and of no others',
    ),
  },
  {
    name: 'cart-of-a-debit-kept-locked',
    rule: 'the cart of an order whose money a bank has in hand is ordered',
    patches: [
      {
        file: 'internal/order/domain/cart-fate.ts',
        search: 'terms.paysOffline || cartTaken',
        replace: 'terms.paysOffline',
      },
    ],
    hunt: drill(
      'internal/order/domain/buy.test.ts',
      'the cart hears what becomes of its order, once for each change',
    ),
  },
]
