import { useEffect, useRef } from 'react'
import UPlot from 'uplot'
import { shortDate } from '../../../shared/formats.ts'
import { useStore } from '../../../shared/store.ts'
import { themeNow } from '../../../shared/theme.ts'
import { useTexts } from '../../texts/texts.ts'
import type { Series } from './analytics.ts'

const heightPx = 180

/** A line over days. What it shows is in the table below it as well. */
export function Plot({ series, label }: { readonly series: Series; readonly label: string }) {
  const place = useRef<HTMLDivElement>(null)
  const colours = useStore(themeNow)
  const { day } = useTexts().home
  useEffect(() => {
    const { current } = place
    if (!current) return
    const plot = new UPlot(optionsOf(current, series.metric, day), dataOf(series), current)
    const watching = new ResizeObserver(() => plot.setSize({ width: current.clientWidth, height: heightPx }))
    watching.observe(current)
    return () => {
      watching.disconnect()
      plot.destroy()
    }
  }, [series, colours, day])
  return <div ref={place} role="img" aria-label={label} className="plot" />
}

const dataOf = ({ data }: Series): UPlot.AlignedData => [
  data.map(({ key }) => Date.parse(key) / 1_000),
  data.map(({ value }) => value),
]

const dayOf = (seconds: number): string => shortDate(new Date(seconds * 1_000).toISOString())

function optionsOf(place: HTMLElement, name: string, day: string): UPlot.Options {
  const style = getComputedStyle(place)
  const [line, text, grid, fill] = ['--accent', '--quiet', '--line', '--tint'].map((property) =>
    style.getPropertyValue(property),
  )
  const axis = { stroke: text ?? '', grid: { stroke: grid ?? '', width: 1 }, ticks: { show: false } }
  return {
    width: place.clientWidth,
    height: heightPx,
    tzDate: (seconds) => UPlot.tzDate(new Date(seconds * 1_000), 'Etc/UTC'), // days are those of UTC
    legend: { show: false },
    scales: { y: { range: (_plot, _min, max) => [0, max > 0 ? max * 1.1 : 1] } },
    axes: [
      { ...axis, values: (_plot, seconds) => seconds.map(dayOf) },
      { ...axis, size: 60 },
    ],
    series: [{ label: day }, { label: name, stroke: line ?? '', fill: fill ?? '', width: 2 }],
  }
}
