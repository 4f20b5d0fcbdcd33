import { useQuery } from '@tanstack/react-query'
import { day, number } from '../../../shared/formats.ts'
import { Panel } from '../../parts/page.tsx'
import { useTexts } from '../../texts/texts.ts'
import { seriesQuery, type Series } from './analytics.ts'
import { Plot } from './plot.tsx'

const metrics = ['revenue', 'orders'] as const

/** How the shop goes. A Tillstream without analytics has no plots. */
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
  if (!data || data.data.length === 0) return null
  const title = texts.metrics[metric]
  return (
    <Panel title={title} actions={<b>{number(data.total)}</b>}>
      <Plot series={data} label={texts.plot(title, number(data.total))} />
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
          <dt>{day(key)}</dt>
          <dd>{number(value)}</dd>
        </div>
      ))}
    </dl>
  )
}
