import { measure, type MeasureDeps, type Run } from './measure.ts'
import type { Options, Scenario } from './options.ts'
import { checkoutRun, checkoutSaleRun } from './plan-checkouts.ts'
import { graphqlRuns } from './plan-queries.ts'
import { baselineRun, cartRuns, mixedRun, ordersRun, readsRuns, saleRun, type PlannedRun } from './plan.ts'
import { searchRuns } from './plan-searches.ts'
import { rowOf, type Row } from './row.ts'
import type { Shop } from './shop.ts'

/** Scenarios that take turns on the same servers. */
export type Group = {
  readonly kind: 'stack' | 'searched' | 'grown' | 'processes'
  readonly runs: readonly PlannedRun[]
}

/**
 * Each group has its own servers. Scenarios that are compared with the baseline have a baseline on the same servers.
 */
export function groupsOf(options: Options): readonly Group[] {
  const wants = (scenario: Scenario): boolean => options.only.includes(scenario)
  const compared = ['baseline', 'orders', 'flash-sale', 'cart', 'checkout'] as const
  const needsBaseline = compared.some(wants)
  const stack = [
    ...(needsBaseline ? [baselineRun('baseline', options)] : []),
    ...(wants('orders')
      ? [ordersRun('orders', 'one line', options), ordersRun('orders', 'five lines', options, { lines: 5 })]
      : []),
    ...(wants('flash-sale')
      ? [
          baselineRun('flash-sale', options, true),
          ordersRun('flash-sale', 'one product', options, { isHot: true }),
          saleRun(options),
        ]
      : []),
    ...(wants('latency') ? [ordersRun('latency', 'one lone user', options, { users: 1, waits: true })] : []),
    ...(wants('reads') ? readsRuns(options) : []),
    ...(wants('graphql') ? graphqlRuns(options) : []),
    ...(wants('mixed') ? [mixedRun(options)] : []),
    ...(wants('cart') ? cartRuns(options) : []),
    ...(wants('checkout') ? [checkoutRun(options), checkoutSaleRun(options)] : []),
  ]
  const alone = (scenario: 'growth' | 'processes'): readonly PlannedRun[] => [
    baselineRun(scenario, options),
    ordersRun(scenario, 'one line', options),
  ]
  const groups: readonly Group[] = [
    { kind: 'stack', runs: stack },
    {
      kind: 'searched',
      runs: (['search', 'facets'] as const)
        .filter(wants)
        .flatMap((scenario) => searchRuns(scenario, options)),
    },
    { kind: 'grown', runs: wants('growth') ? alone('growth') : [] },
    { kind: 'processes', runs: wants('processes') ? alone('processes') : [] },
  ]
  return groups.filter(({ runs }) => runs.length > 0)
}

/**
 * Runs the scenarios in turn (A B C A B C), so that something that slows the machine for a while affects all of them.
 */
export async function runGroup(
  deps: MeasureDeps,
  shop: Shop,
  { runs: plans }: Group,
  rounds: number,
): Promise<{ readonly rows: readonly Row[]; readonly runs: readonly Run[] }> {
  const runs: Run[] = []
  for (let round = 1; round <= rounds; round++) {
    for (const plan of plans) {
      const title = `${plan.scenario}: ${plan.name}${rounds > 1 ? ` (round ${round} of ${rounds})` : ''}`
      runs.push(await measure(deps, shop, plan, title))
    }
  }
  const rows = plans.map(({ scenario, name }) =>
    rowOf(runs.filter((run) => run.scenario === scenario && run.name === name)),
  )
  return { rows, runs }
}
