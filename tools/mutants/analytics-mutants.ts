import type { Hunt, Mutant } from './mutant.ts'

const folder = 'internal/analytics'
const drill = (file: string, test: string): Hunt => ({ by: 'drill', file: `${folder}/${file}`, test })
const postgres = (test: string): Hunt => drill('infrastructure/postgres-facts.int.test.ts', test)

/** Rules of the figures. */
export const analyticsMutants: readonly Mutant[] = [
  {
    name: 'analytics-counts-again',
    rule: 'an event that comes twice counts once',
    patches: [
      {
        file: `${folder}/infrastructure/postgres-facts.ts`,
        search: 'on conflict do nothing returning *',
        replace: 'on conflict (kind, subject_id, product_id) do update set at = excluded.at returning *',
      },
    ],
    hunt: postgres('facts that many tell at once count once each'),
  },
  {
    name: 'analytics-counts-apart',
    rule: 'a fact and its sum are stored both or neither',
    patches: [
      {
        file: `${folder}/infrastructure/postgres-facts.ts`,
        search: 'await retryContention(() => sql.$executeRawUnsafe(addSql, ...columns))',
        replace: `await sql.$executeRawUnsafe(addSql.replace('analytics.counts', 'pg_temp.counts'), ...columns).catch(() => undefined)`,
      },
    ],
    hunt: postgres('a fact counts once, however often it is told'),
  },
  {
    name: 'analytics-rebuild-forgets-currency',
    rule: 'sums that are made anew have all that the others have',
    patches: [
      {
        file: `${folder}/infrastructure/rebuild-counts.ts`,
        search: `\${sumsOf('analytics.facts where at >= $1 and at < $2')}`,
        replace: `\${sumsOf("(select kind, subject_id, product_id, at, count, units, amount_minor, 'EUR'::text as currency from analytics.facts) as f where at >= $1 and at < $2")}`,
      },
    ],
    hunt: postgres('sums that are made anew are the same'),
  },
  {
    name: 'analytics-rebuild-waits-for-nobody',
    rule: 'sums that are made anew have what is being counted at that moment',
    patches: [
      {
        file: `${folder}/infrastructure/rebuild-counts.ts`,
        search: `await client.query('lock table analytics.counts in exclusive mode')`,
        replace: '',
      },
    ],
    hunt: postgres('sums that are made anew have what is being counted at that moment'),
  },
  {
    name: 'analytics-counts-unpaid',
    rule: 'an order that has to be paid first counts when it is paid',
    patches: [
      {
        file: `${folder}/domain/order-facts.ts`,
        search: 'order.isPaidFirst ? paidAt',
        replace: 'order.isPaidFirst && paidAt ? paidAt',
      },
    ],
    hunt: drill('domain/order-facts.test.ts', 'an order that has to be paid first is bought when it is paid'),
  },
  {
    name: 'analytics-counts-the-second-payment',
    rule: 'an order that lost its money and is paid again is no other revenue',
    patches: [
      {
        file: `${folder}/domain/order-facts.ts`,
        search: 'history.find(({ status })',
        replace: 'history.findLast(({ status })',
      },
    ],
    hunt: drill(
      'domain/order-facts.test.ts',
      'an order that lost its money and was paid again has the facts of the first time',
    ),
  },
  {
    name: 'analytics-counts-whom-it-must-not',
    rule: 'who asks not to be tracked is not counted',
    patches: [
      { file: 'internal/gateway/visits/visit-of.ts', search: `gpc === '1' || `, replace: `gpc === '?' || ` },
    ],
    hunt: {
      by: 'drill',
      file: 'internal/gateway/routes/analytics-routes.test.ts',
      test: 'nobody else is counted, and nothing that was not shown',
    },
  },
]
