import type { Hunt, Mutant } from './mutant.ts'

const drill = (file: string, test: string): Hunt => ({ by: 'drill', file, test })

/** Rules of how changes of orders' money are stored, and of what providers do by themselves. */
export const accountStoreMutants: readonly Mutant[] = [
  {
    name: 'money-stored-whatever-the-revision',
    rule: "a change of an order's money is stored only on the state that it was decided on",
    patches: [
      {
        file: 'internal/payment/infrastructure/write-accounts.ts',
        search: ' and w.seen = g.revision',
        replace: '',
      },
    ],
    hunt: drill(
      'internal/payment/payment-races.int.test.ts',
      'what was decided before another process changed it is decided again',
    ),
  },
  {
    name: 'operation-changed-while-it-is-asked-for',
    rule: 'what was decided before a worker began to ask a provider is decided again',
    patches: [
      {
        file: 'internal/payment/infrastructure/write-accounts.ts',
        search: 'and o.tries is distinct from e.tries',
        replace: 'and false',
      },
    ],
    hunt: drill(
      'internal/payment/payment-races.int.test.ts',
      'what was decided before a worker began to ask a provider is decided again',
    ),
  },
  {
    name: 'nothing-to-do-on-an-old-state',
    rule: 'that nothing has to change is decided on what is stored',
    patches: [
      {
        file: 'internal/payment/infrastructure/update-at-once.ts',
        search: 'const before = await stored(orderId)\n    const decided',
        replace: 'const before = known ?? (await stored(orderId))\n    const decided',
      },
    ],
    hunt: drill(
      'internal/payment/payment-races.int.test.ts',
      'what another process has changed meanwhile is seen by a decision that changes nothing',
    ),
  },
  {
    name: 'handed-operation-without-lease',
    rule: 'an operation that a process has taken as it stored it is found by no other',
    patches: [
      {
        file: 'internal/payment/infrastructure/changed-rows.ts',
        search: 'isNew && isSent(operation) ? leaseEnd(at) : null',
        replace: 'null',
      },
    ],
    hunt: drill(
      'internal/payment/handed-operations.int.test.ts',
      'a payment that begins is taken by this process as it is stored, and by no other',
    ),
  },
  {
    name: 'handed-before-it-is-stored',
    rule: 'a provider is asked only for what is stored',
    patches: [
      {
        file: 'internal/payment/infrastructure/update-at-once.ts',
        search: '    if (!(await write(change))) {',
        replace: '    handed?.hand(before?.account, state, at)\n    if (!(await write(change))) {',
      },
    ],
    hunt: drill(
      'internal/payment/handed-operations.int.test.ts',
      'what another writer was quicker with is not handed to anybody',
    ),
  },
  {
    name: 'handed-after-its-lease',
    rule: 'an operation whose lease may end before its answer is left to the next look',
    patches: [
      {
        file: 'internal/payment/infrastructure/handed-operations.ts',
        search: 'isFresh(takenAt, now)',
        replace: 'isFresh(takenAt, takenAt)',
      },
    ],
    hunt: drill(
      'internal/payment/handed-operations.int.test.ts',
      'one that has waited long, and more than there is room for, are left to the next look',
    ),
  },
  {
    name: 'told-more-and-not-read',
    rule: 'a message is left alone only if exactly what it tells is known',
    patches: [
      {
        file: 'internal/payment/domain/account.ts',
        search: 'capturedMinor === minor && authorizedMinor === 0n',
        replace: 'capturedMinor > 0n && minor > 0n && authorizedMinor === 0n',
      },
    ],
    hunt: drill('internal/payment/told-captures.int.test.ts', 'a message that tells of more money is read'),
  },
  {
    name: 'refund-of-the-dashboard-waits-for-staff',
    rule: 'a refund made at the provider that fails is taken back',
    patches: [
      {
        file: 'internal/payment/domain/observe.ts',
        search: "said === 'failed' && !isOurs ? 'canceled' : said",
        replace: "said === 'failed' && !isOurs ? said : said",
      },
    ],
    hunt: drill(
      'internal/payment/domain/refund.test.ts',
      'a refund of the dashboard that fails after all is taken back',
    ),
  },
]
