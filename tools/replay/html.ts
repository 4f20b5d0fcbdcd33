import { unitsBySku } from './domain/plan.ts'
import { reportOf, type Outcome } from './report.ts'
import type { Report } from '../shared/html-report.ts'
import type { BarPlot } from '../shared/plots.ts'

const mostShown = 20

/** The table of a replay, and plots of what became of the file's orders. */
export const replayReport = (about: string, outcome: Outcome): Report => ({
  ...{ title: 'Tillstream: replay', about },
  sections: [
    {
      title: 'The file and the shop',
      plots: [ordersOf(outcome), ...moneyOf(outcome)],
      text: reportOf(outcome),
    },
    { title: 'What the file sells', plots: [unitsOf(outcome)], text: '' },
  ],
})

function ordersOf({ plan, confirmed, rejected, turnedAway, canceled }: Outcome): BarPlot {
  const lines = [
    { name: 'in the file', values: [plan.orders.length] },
    { name: 'confirmed', values: [confirmed] },
    { name: 'rejected', values: [rejected + turnedAway] },
    { name: 'canceled by others', values: [canceled] },
  ]
  return { kind: 'bars', title: 'Orders', unit: 'orders', parts: ['orders'], lines }
}

/** Minor units; a number is exact up to 90 trillion of the currency. */
function moneyOf({ money }: Outcome): readonly BarPlot[] {
  if (!money) return []
  const { ordered, dueByCard, taken, takenAtProvider } = money
  const lines = [
    { name: 'ordered', values: [Number(ordered)] },
    { name: 'due by card', values: [Number(dueByCard)] },
    { name: 'taken, as we say', values: [Number(taken)] },
    ...(takenAtProvider === undefined
      ? []
      : [{ name: 'taken, as the provider says', values: [Number(takenAtProvider)] }]),
  ]
  return [{ kind: 'bars', title: 'Money', unit: 'minor units', parts: ['money'], lines }]
}

function unitsOf({ plan }: Outcome): BarPlot {
  const names = new Map(plan.products.map(({ sku, name }) => [sku, name]))
  const most = [...unitsBySku(plan.orders)].sort(([, a], [, b]) => b - a).slice(0, mostShown)
  const lines = most.map(([sku, units]) => ({ name: (names.get(sku) || sku).slice(0, 32), values: [units] }))
  return {
    kind: 'bars',
    title: `The ${mostShown} products of most units`,
    unit: 'units',
    parts: ['units'],
    lines,
  }
}
