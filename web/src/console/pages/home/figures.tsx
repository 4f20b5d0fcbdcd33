import { useQuery } from '@tanstack/react-query'
import { date } from '../../../shared/formats.ts'
import { Panel } from '../../parts/page.tsx'
import { useTexts } from '../../texts/texts.ts'
import { figure, seriesQuery, type Series } from './analytics.ts'
import { BestSellers } from './best-sellers.tsx'
import { Plot } from './plot.tsx'

const metrics = ['revenue', 'orders', 'conversion'] as const

/** How the shop goes. */
export function Figures() {
  return (
    <div className="columns even">
      {metrics.map((metric) => (
        <Figure key={metric} metric={metric} />
      ))}
      <BestSellers />
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
