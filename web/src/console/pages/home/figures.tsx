import { useQuery } from '@tanstack/react-query'
import { date, money, number } from '../../../shared/formats.ts'
import { Panel } from '../../parts/page.tsx'
import { useTexts } from '../../texts/texts.ts'
import { seriesQuery, type Series } from './analytics.ts'
import { Plot } from './plot.tsx'

const metrics = ['revenue', 'orders'] as const

/** How the shop goes. */
export function Figures() {
  return (
    <div className="columns even">
      {metrics.map((metric) => (
        <Figure key={metric} metric={metric} />
      ))}
    </div>
  )
}

function Figure({ metric }: { readonly metric: (typeof metrics)[number] }) {
  const texts = useTexts().home
  const { data } = useQuery(seriesQuery(metric))
  if (!data) return null
  const title = texts.metrics[metric]
  const total = figure(data, data.total)
  return (
    <Panel title={title} actions={<b>{total}</b>}>
      <Plot series={data} label={texts.plot(title, total)} />
      <details>
        <summary>{texts.asTable}</summary>
        <DayTable title={title} series={data} />
      </details>
    </Panel>
  )
}

/** Amounts have a currency, and counts have none. */
const figure = ({ currency }: Series, value: number): string =>
  currency === undefined ? number(value) : money(value, currency)

function DayTable({ title, series }: { readonly title: string; readonly series: Series }) {
  return (
    <dl className="facts sums" aria-label={title}>
      {series.data.map(({ key, value }) => (
        <div key={key} className="row between wide">
          <dt>{date(key)}</dt>
          <dd>{figure(series, value)}</dd>
        </div>
      ))}
    </dl>
  )
}
