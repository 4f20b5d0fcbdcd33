import type { Hunt, Mutant } from './mutant.ts'

const drills = 'internal/payment/payment-drills.int.test.ts'
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
    hunt: drill(drills, 'sixteen who begin at once have one payment'),
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
