import type { Hunt, Mutant } from './mutant.ts'

const drills = 'internal/payment/payment-drills.int.test.ts'
const races = 'internal/payment/payment-races.int.test.ts'
const stores = 'internal/payment/infrastructure/postgres-payments.int.test.ts'
const gate = 'internal/payment/domain/gate.test.ts'
const drill = (file: string, test: string): Hunt => ({ by: 'drill', file, test })
const simulation: Hunt = { by: 'simulation' }

/** Rules of money that several processes and the provider have to keep together. */
export const moneyMutants: readonly Mutant[] = [
  {
    name: 'cancel-forgets-the-refund',
    rule: 'what was paid for an order goes back when its customer cancels it',
    patches: [
      {
        file: 'internal/order/application/close-orders.ts',
        search:
          "refund: closing.to === 'canceled' && closing.refund !== 'unless-covered' ? closing.refund : undefined",
        replace:
          "refund: closing.to === 'canceled' && closing.refund !== 'unless-covered' ? 'none' : undefined",
      },
    ],
    hunt: simulation,
  },
  {
    name: 'late-money-given-back-twice',
    rule: 'what is on its way back is not given back again',
    patches: [
      {
        file: 'internal/payment/domain/excess.ts',
        search: 'const kept = atLeastZero(keptOf(payment, account.refunds))',
        replace: 'const kept = atLeastZero(keptOf(payment, []))',
      },
      {
        file: 'internal/payment/domain/excess.ts',
        search: 'least(kept - taken, balanceOf(payment, account.refunds))',
        replace: 'least(kept - taken, balanceOf(payment, []))',
      },
    ],
    hunt: simulation,
  },
  {
    name: 'second-capture-kept (simulated)',
    rule: 'what was paid twice goes back',
    patches: [
      {
        file: 'internal/payment/domain/excess.ts',
        search: 'const taken = least(kept, left)',
        replace: 'const taken = kept',
      },
    ],
    hunt: simulation,
  },
  {
    name: 'late-money-ignored (simulated)',
    rule: 'money that comes for a closed order is recorded and goes back',
    patches: [
      {
        file: 'internal/payment/domain/settle.ts',
        search: "if (status === 'closing') return called",
        replace: "if (status !== 'open') return called",
      },
    ],
    hunt: simulation,
  },
  {
    name: 'not-found-believed-at-once',
    rule: 'that a provider does not know of a call is true only when no earlier call can be carried out any more',
    patches: [
      {
        file: 'internal/payment/domain/conclude.ts',
        search: 'if (at < trueFrom)',
        replace: 'if (at < at0)',
      },
    ],
    hunt: simulation,
  },
  {
    name: 'new-key-after-no-answer (simulated)',
    rule: 'a call without an answer is repeated under the same key',
    patches: [
      {
        file: 'internal/payment/application/call-provider.ts',
        search: 'attempt: operation.attempt }',
        replace: 'attempt: operation.attempt + operation.tries }',
      },
    ],
    hunt: simulation,
  },
  {
    name: 'timeout-taken-for-a-failure',
    rule: 'a call without an answer is not a decline',
    patches: [
      {
        file: 'internal/payment/application/call-provider.ts',
        search: "return { kind: 'unknown', message: result.reason",
        replace: "return { kind: 'declined', message: result.reason",
      },
    ],
    hunt: drill(drills, 'an answer that is lost (after) is asked for again, and nothing is done twice'),
  },
  {
    name: 'money-unknown-to-its-order',
    rule: 'an order hears of each change of its money',
    patches: [
      {
        file: 'internal/order/domain/money.ts',
        search: 'if (money.gateVersion <= order.gateVersion) return undefined',
        replace: 'if (money.gateVersion <= order.gateVersion + 1) return undefined',
      },
    ],
    hunt: simulation,
  },
  {
    name: 'captured-after-the-end',
    rule: 'nothing is captured once the end of the order has begun',
    patches: [
      {
        file: 'internal/payment/domain/staff-acts.ts',
        search: "if (account.gate.status !== 'open')",
        replace: "if (account.gate.status === 'closing')",
      },
    ],
    hunt: drill(gate, 'an authorization of an order that is canceled is voided, and captured by nobody'),
  },
  {
    name: 'claimed-unseen',
    rule: 'the end of an order sees that a worker is asking a provider at the same moment',
    patches: [
      {
        file: 'internal/payment/infrastructure/account-rows.ts',
        search: "status = 'waiting' order by id for update",
        replace: "status = 'waiting' order by id",
      },
    ],
    hunt: drill(races, 'the end of an order waits for a worker that is about to ask a provider'),
  },
  {
    name: 'operation-for-everybody',
    rule: 'an operation is with one worker until its lease ends',
    patches: [
      {
        file: 'internal/payment/infrastructure/postgres-work.ts',
        search: ' and (o.lease_until is null or o.lease_until <= $1)',
        replace: '',
      },
    ],
    hunt: drill(stores, 'gives an operation to one, who has it until its lease ends or its end is stored'),
  },
]
