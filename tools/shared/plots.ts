/** A horizontal bar for each line, of one or more parts. */
export type BarPlot = {
  readonly kind: 'bars'
  readonly title: string
  readonly unit: string
  /** The names of the parts, in their order. */
  readonly parts: readonly string[]
  readonly lines: readonly {
    readonly name: string
    readonly values: readonly number[]
    readonly note?: string
  }[]
}

/** Values over time, and spans in which something was done. */
export type CoursePlot = {
  readonly kind: 'course'
  readonly title: string
  readonly unit: string
  /** The length of the time that is shown. */
  readonly seconds: number
  /** Points of (seconds, value); undefined is a gap. */
  readonly series: readonly {
    readonly name: string
    readonly points: readonly (readonly [x: number, y: number | undefined])[]
  }[]
  readonly spans: readonly { readonly name: string; readonly from: number; readonly to: number }[]
}

export type Plot = BarPlot | CoursePlot

const width = 860
/** Names stand to the left of this. */
const left = 240
/** Figures stand to the right of the bars. */
const right = 170
const lineHeight = 24

export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/** The plot as SVG that stands in a page and takes its colours from there. */
export const svgOf = (plot: Plot): string => (plot.kind === 'bars' ? barsOf(plot) : courseOf(plot))

function barsOf({ title, unit, parts, lines }: BarPlot): string {
  const sums = lines.map(({ values }) => values.reduce((sum, value) => sum + value, 0))
  const scale = (width - left - right) / Math.max(1e-9, ...sums)
  const drawn = lines.map(({ name, values, note }, index) => {
    const y = index * lineHeight
    const starts = values.map((_, part) => values.slice(0, part).reduce((sum, value) => sum + value, 0))
    const bars = values.map((value, part) => {
      const tip = `<title>${escaped(`${name} ${parts[part] ?? ''}: ${figure(value)} ${unit}`)}</title>`
      return `<rect class="part${part}" x="${at(left + (starts[part] ?? 0) * scale)}" y="${y + 4}" width="${at(value * scale)}" height="${lineHeight - 8}">${tip}</rect>`
    })
    const sum = sums[index] ?? 0
    const said = escaped([figure(sum), note].filter(Boolean).join(' · '))
    return [
      `<text x="${left - 8}" y="${y + 16}" text-anchor="end">${escaped(name)}</text>`,
      ...bars,
      `<text class="figure" x="${at(left + sum * scale + 6)}" y="${y + 16}">${said}</text>`,
    ].join('')
  })
  return figureOf(title, unit, parts, lines.length * lineHeight, drawn)
}

const courseHeight = 180

function courseOf({ title, unit, seconds, series, spans }: CoursePlot): string {
  const points = series.flatMap((each) => each.points)
  const xMax = Math.max(1, seconds)
  const yMax = Math.max(1e-9, ...points.map(([, y]) => y ?? 0))
  const axis = 60
  const [x, y] = [
    (value: number): string => at(axis + (value / xMax) * (width - axis - 10)),
    (value: number): string => at(courseHeight - (value / yMax) * courseHeight),
  ]
  const shades = spans.map(({ name, from, to }) => {
    const tip = `<title>${escaped(`${name}: ${from.toFixed(0)} to ${to.toFixed(0)} s`)}</title>`
    const wide = Math.max(1, Number(x(to)) - Number(x(from)))
    return `<rect class="span" x="${x(from)}" y="0" width="${at(wide)}" height="${courseHeight}">${tip}</rect>`
  })
  const curves = series.map(({ points: own }, index) => {
    const steps = own.map(([px, py], place) => {
      if (py === undefined) return ''
      return `${place === 0 || own[place - 1]?.[1] === undefined ? 'M' : 'L'}${x(px)} ${y(py)}`
    })
    return `<path class="curve${index}" d="${steps.join('')}"/>`
  })
  const labels = [
    `<text class="figure" x="${axis - 6}" y="12" text-anchor="end">${figure(yMax)}</text>`,
    `<text class="figure" x="${axis - 6}" y="${courseHeight}" text-anchor="end">0</text>`,
    `<text class="figure" x="${width - 10}" y="${courseHeight + 18}" text-anchor="end">${xMax.toFixed(0)} s</text>`,
  ]
  const names = series.map(({ name }) => name)
  return figureOf(title, unit, names, courseHeight + 22, [...shades, ...curves, ...labels])
}

function figureOf(
  title: string,
  unit: string,
  names: readonly string[],
  height: number,
  drawn: readonly string[],
): string {
  const keys = names.map((name, index) => `<li class="key${index}">${escaped(name)}</li>`)
  const legend = names.length > 1 ? `<ul>${keys.join('')}</ul>` : ''
  const label = escaped(`${title}, ${unit}`)
  return `<figure><figcaption>${label}</figcaption>${legend}<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">${drawn.join('')}</svg></figure>`
}

const at = (value: number): string => value.toFixed(1)

/** Three figures of small values, whole ones of others. */
const figure = (value: number): string =>
  Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3)))
