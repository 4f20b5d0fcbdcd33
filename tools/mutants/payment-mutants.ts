import type { Hunt, Mutant } from './mutant.ts'

const drills = 'internal/payment/payment-drills.int.test.ts'
const gate = 'internal/payment/domain/gate.test.ts'
const drill = (file: string, test: string): Hunt => ({ by: 'drill', file, test })

/** Rules of money. */
export const paymentMutants: readonly Mutant[] = [
  {
    name: 'refund-without-lock',
    rule: "whoever orders money back holds the lock of the order's gate",
    patches: [
      {
        file: 'internal/payment/infrastructure/account-rows.ts',
        search: 'where order_id = $1::uuid for update',
        replace: 'where order_id = $1::uuid',
      },
    ],
    hunt: drill(drills, 'fifty refunds at once never give back more than was taken'),
  },
  {
    name: 'refunds-not-reserved',
    rule: 'a refund reserves its amount from the moment when it is ordered',
    patches: [
      {
        file: 'internal/payment/domain/account.ts',
        search: 'return capturedMinor - refundedMinor - sumOf(gone)',
        replace: 'return capturedMinor - refundedMinor - sumOf(gone) * 0n',
      },
    ],
    hunt: drill('internal/payment/domain/refund.test.ts', 'our own requests never exceed what was taken'),
  },
  {
    name: 'canceled-refund-untold',
    rule: 'an order hears that money which had gone back at the provider is here again',
    patches: [
      {
        file: 'internal/payment/domain/events.ts',
        search: "refund.status === 'failed' || refund.status === 'canceled'",
        replace: "refund.status === 'failed'",
      },
    ],
    hunt: drill(
      'internal/payment/domain/refund.test.ts',
      'a refund of the dashboard that fails after all is taken back',
    ),
  },
  {
    name: 'late-failure-undoes-success',
    rule: 'a late failed or expired never undoes a success',
    patches: [
      {
        file: 'internal/payment/domain/entry.ts',
        search: "if (capturedMinor > 0n) return 'captured'",
        replace: "if (capturedMinor > 0n && phase !== 'failed') return 'captured'",
      },
    ],
    hunt: drill(
      'internal/payment/domain/payment.test.ts',
      'a late failed, canceled or expired never undoes a success',
    ),
  },
  {
    name: 'late-money-ignored',
    rule: 'money that comes for a closed order is recorded and goes back',
    patches: [
      {
        file: 'internal/payment/domain/settle.ts',
        search: "if (status === 'closing') return called",
        replace: "if (status !== 'open') return called",
      },
    ],
    hunt: drill(gate, 'money that comes after the end goes back in full'),
  },
  {
    name: 'reopened-for-too-little',
    rule: 'a gate opens again only for money that covers the order',
    patches: [
      {
        file: 'internal/payment/domain/reopen-gate.ts',
        search: 'if (!isCovered(reopened))',
        replace: 'if (dueMinor < 0n && !isCovered(reopened))',
      },
    ],
    hunt: drill(gate, 'a gate opens again only for money that covers the order'),
  },
  {
    name: 'second-capture-kept',
    rule: 'what was paid twice goes back',
    patches: [
      {
        file: 'internal/payment/domain/excess.ts',
        search: 'const taken = least(kept, left)',
        replace: 'const taken = kept',
      },
    ],
    hunt: drill(gate, 'of two who pay the same order the first one stays, and the second one goes back'),
  },
  {
    name: 'no-tombstone-for-money',
    rule: 'closing an order that is not known leaves a tombstone',
    patches: [
      {
        file: 'internal/payment/domain/close-gate.ts',
        search: "gate: { ...newGate(orderId, at), status: 'closed', reason }",
        replace: "gate: { ...newGate(orderId, at), status: 'open', reason }",
      },
    ],
    hunt: drill(gate, 'closing an order that is not known leaves a tombstone'),
  },
  {
    name: 'end-without-asking-the-provider',
    rule: 'an order does not end while a provider may still take money for it',
    patches: [
      {
        file: 'internal/payment/domain/close-gate.ts',
        search: 'if (!covered && !closing.isOver &&',
        replace: 'if (closing.keepMinor < 0n && !covered &&',
      },
    ],
    hunt: drill(gate, 'what no provider was asked for is off; what is in its hands is waited for'),
  },
  {
    name: 'asked-without-a-note',
    rule: 'that a provider is asked is committed before it is asked',
    patches: [
      {
        file: 'internal/payment/infrastructure/postgres-work.ts',
        search: "operation: step === 'call' ? triedOnce(operation, now) : operation",
        replace: 'operation',
      },
    ],
    hunt: drill(drills, 'when the provider has forgotten the key, it is asked what became of it'),
  },
  {
    name: 'new-key-after-no-answer',
    rule: 'a call without an answer is repeated under the same key',
    patches: [
      {
        file: 'internal/payment/application/call-provider.ts',
        search: 'attempt: operation.attempt }',
        replace: 'attempt: operation.attempt + operation.tries }',
      },
    ],
    hunt: drill(drills, 'an answer that is lost (after) is asked for again, and nothing is done twice'),
  },
  {
    name: 'message-ended-before-its-effect',
    rule: "a provider's message ends after its effect",
    patches: [
      {
        file: 'internal/payment/application/work-off.ts',
        search: '  const observed = await observe(provider, ref).catch',
        replace:
          "  for (const message of messages) await deps.work.endMessage(message, 'done', deps.now())\n  deps.failpoint('inbox-effect')\n  const observed = await observe(provider, ref).catch",
      },
    ],
    hunt: drill(drills, 'a process that dies between a message and its end handles it again'),
  },
  {
    name: 'message-without-end',
    rule: 'a message that cannot be handled is left to staff within an hour',
    patches: [
      {
        file: 'internal/payment/application/work-off.ts',
        search: 'const isDead = at >= diesAt',
        replace: 'const isDead = message.tries >= 100',
      },
    ],
    hunt: drill(drills, 'a message that cannot be handled is left to staff within an hour'),
  },
  {
    name: 'webhook-answered-before-commit',
    rule: 'a webhook is answered after its message has been stored',
    patches: [
      {
        file: 'internal/payment/application/webhooks.ts',
        search: 'await inbox.receive(',
        replace: 'void inbox.receive(',
      },
    ],
    hunt: drill(
      'internal/payment/application/webhooks.test.ts',
      'a message that cannot be stored is not accepted',
    ),
  },
  {
    name: 'unsigned-webhook-taken',
    rule: 'a forged message is refused',
    patches: [
      {
        file: 'internal/payment/application/webhooks.ts',
        search: "if (webhook.kind === 'forged')",
        replace: "if (webhook.kind === 'forged' && name === '')",
      },
    ],
    hunt: drill(
      'internal/payment/application/webhooks.test.ts',
      'a forged message is refused and stored nowhere',
    ),
  },
]
