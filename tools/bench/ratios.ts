import type { Row } from './row.ts'

/** A figure that can be judged on any machine, with the value that it must have and the one that it aims at. */
export type Ratio = {
  readonly name: string
  readonly value: number
  readonly must: number
  readonly aim: number
  readonly isLess?: boolean
  readonly unit: '' | 'ms' | 'MB'
}

type Bounds = readonly [must: number, aim: number]

/** The ratios that can be computed from what was measured. */
export function ratiosOf(rows: readonly Row[]): readonly Ratio[] {
  const find = (scenario: Row['scenario'], name: string): Row | undefined =>
    rows.find((row) => row.scenario === scenario && row.name === name)
  const speed = (row: Row | undefined): number | undefined => row && (row.settledPerSecond ?? row.perSecond)
  const ratio = (
    name: string,
    of: Row | undefined,
    to: Row | undefined,
    [must, aim]: Bounds,
  ): readonly Ratio[] => {
    const [above, below] = [speed(of), speed(to)]
    return above === undefined || !below ? [] : [{ name, value: above / below, must, aim, unit: '' }]
  }
  /**
   * Compares scenarios of different servers and times: each is divided by the baseline that took turns with it, so
   * that it does not matter how fast the machine was then.
   */
  const likeRatio = (scenario: Row['scenario'], bounds: Bounds): readonly Ratio[] => {
    const own = find(scenario, 'one line')
    const [of, to] = [speed(find(scenario, 'baseline')), speed(find('baseline', 'baseline'))]
    const scale = of && to ? to / of : undefined
    const name = `${scenario} / orders, each by its baseline`
    return ratio(`${scenario} / orders`, own, orders, bounds).flatMap((raw) =>
      scale === undefined ? [raw] : [raw, { ...raw, name, value: raw.value * scale }],
    )
  }
  const most = (name: string, value: number | undefined, [must, aim]: Bounds, unit: Ratio['unit'] = 'ms') =>
    value === undefined ? [] : [{ name, value, must, aim, isLess: true, unit }]

  const orders = find('orders', 'one line')
  const lone = find('latency', 'one lone user')
  return [
    ...ratio('settled orders / baseline', orders, find('baseline', 'baseline'), [0.8, 1.5]),
    ...ratio('one product / spread over 1,000', find('flash-sale', 'one product'), orders, [0.9, 1.1]),
    ...most('accept p99', orders?.accept.p99Ms, [60, 20]),
    ...most('settle p99', orders?.settle?.p99Ms, [400, 100]),
    ...most('one lone user: accepted p50', lone?.accept.p50Ms, [6, 3]),
    ...most('one lone user: settled p50', lone?.settle?.p50Ms, [20, 8]),
    ...ratio(
      'GET one product / bare route',
      find('reads', 'product'),
      find('reads', 'bare product'),
      [0.4, 0.8],
    ),
    ...ratio('GET page of 20 / bare route', find('reads', 'page'), find('reads', 'bare page'), [0.25, 0.6]),
    ...ratio('cart writes / baseline', find('cart', 'add a line'), find('baseline', 'baseline'), [0.6, 1]),
    ...ratio(
      'paid checkouts / baseline',
      find('checkout', 'paid by card'),
      find('baseline', 'baseline'),
      [0.15, 0.3],
    ),
    ...costRatios(find),
    ...likeRatio('growth', [0.85, 0.95]),
    ...likeRatio('processes', [0.35, 0.6]),
    ...most('Node memory after orders', orders?.memoryMb.node, [350, 200], 'MB'),
  ]
}

type Find = (scenario: Row['scenario'], name: string) => Row | undefined

/** What reads cost, compared with each other. */
function costRatios(find: Find): readonly Ratio[] {
  const compared = (name: string, of: Row | undefined, to: Row | undefined, [must, aim]: Bounds) => {
    const value = ratioOfCosts(of, to)
    return value === undefined ? [] : [{ name, value, must, aim, isLess: true, unit: '' } as const]
  }
  return [
    ...compared(
      'own orders / one product, CPU',
      find('reads', 'own orders'),
      find('reads', 'product'),
      [2.5, 2],
    ),
    ...compared(
      'page of 20 by GraphQL / by REST, CPU',
      find('graphql', 'page'),
      find('graphql', 'page by REST'),
      [2.5, 1.5],
    ),
    ...compared(
      'the same read anew, CPU',
      find('graphql', 'pages read anew'),
      find('graphql', 'pages read anew by REST'),
      [2.5, 1.5],
    ),
  ]
}

/** The CPU time of the shop and its servers for one request, without that of the load generator. */
function ratioOfCosts(of: Row | undefined, to: Row | undefined): number | undefined {
  const cost = ({ cpuMicros: { node, postgres, nats } }: Row): number => node + postgres + nats
  return of && to ? cost(of) / cost(to) : undefined
}
