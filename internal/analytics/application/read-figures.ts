import { isTime, parseMetric, type Metric } from '../domain/metrics.ts'
import { keyOf, keysOf, parseRange, type TimeRange } from '../domain/time-range.ts'
import type { Asked, Catalogue, Counts } from './ports.ts'

type Deps = { readonly counts: Counts; readonly catalogue: Catalogue; readonly now: () => Date }

export type Question = {
  readonly metric: string
  readonly by: string
  readonly from: string
  readonly to: string
  readonly currency: string
  readonly limit: number
}

export type Figure = { readonly key: string; readonly name: string; readonly value: bigint }

/** Amounts are in minor units, shares in parts per million. */
export type Figures = TimeRange & {
  readonly unit: 'number' | 'minor' | 'ppm'
  readonly figures: readonly Figure[]
  /** Of the whole shop. */
  readonly total: bigint
}

/** More than any shop sells in the time that can be asked for. */
const allProducts = 1_000_000
const million = 1_000_000n

export function readFigures({ counts, catalogue, now }: Deps) {
  return async (question: Question): Promise<Figures> => {
    const { metric, by } = parseMetric(question.metric, question.by)
    const range = parseRange(question, by, now())
    const asked = { ...range, of: metric.of, measure: metric.measure, currency: question.currency }
    if (isTime(by)) return { ...range, ...(await overTime(counts, metric, asked, by)) }
    const values =
      by === 'product'
        ? await byProduct(counts, catalogue, asked, question.limit)
        : await byCategory(counts, catalogue, asked)
    const total = sum(await counts.byHour(asked))
    return { ...range, unit: unitOf(metric), figures: values, total }
  }
}

const unitOf = ({ measure, per }: Metric): Figures['unit'] =>
  per === undefined ? (measure === 'amount' ? 'minor' : 'number') : 'ppm'

async function overTime(counts: Counts, metric: Metric, asked: Asked, by: 'hour' | 'day') {
  const { per } = metric
  const [rows, base] = await Promise.all([
    counts.byHour(asked),
    per === undefined ? undefined : counts.byHour({ ...asked, of: per }),
  ])
  const [values, bases] = [sumsOf(rows, by), base && sumsOf(base, by)]
  const figures = keysOf(asked, by).map((key) => {
    const value = values.get(key) ?? 0n
    return { key, name: '', value: bases ? shareOf(value, bases.get(key) ?? 0n) : value }
  })
  const total = base ? shareOf(sum(rows), sum(base)) : sum(rows)
  return { unit: unitOf(metric), figures, total }
}

/** Rounded down; nothing of nothing is none. */
const shareOf = (part: bigint, whole: bigint): bigint => (whole === 0n ? 0n : (part * million) / whole)

const sum = (rows: readonly { readonly value: bigint }[]): bigint =>
  rows.reduce((all, { value }) => all + value, 0n)

function sumsOf(
  rows: readonly { readonly hour: Date; readonly value: bigint }[],
  by: 'hour' | 'day',
): ReadonlyMap<string, bigint> {
  const sums = new Map<string, bigint>()
  for (const { hour, value } of rows) add(sums, keyOf(hour, by), value)
  return sums
}

async function byProduct(counts: Counts, catalogue: Catalogue, asked: Asked, limit: number) {
  const values = await counts.byProduct(asked, limit)
  const described = await catalogue.describe(values.map(({ productId }) => productId))
  return values.map(({ productId, value }) => {
    return { key: productId, name: described.get(productId)?.name ?? '', value }
  })
}

/** Each product counts for the category in which it is now, one that is gone for none. */
async function byCategory(counts: Counts, catalogue: Catalogue, asked: Asked): Promise<readonly Figure[]> {
  const values = await counts.byProduct(asked, allProducts)
  const described = await catalogue.describe(values.map(({ productId }) => productId))
  const sums = new Map<string, bigint>()
  for (const { productId, value } of values) add(sums, described.get(productId)?.category ?? '', value)
  return [...sums]
    .map(([key, value]) => ({ key, name: '', value }))
    .sort((a, b) => (a.value === b.value ? (a.key < b.key ? -1 : 1) : a.value > b.value ? -1 : 1))
}

function add(sums: Map<string, bigint>, key: string, value: bigint): void {
  sums.set(key, (sums.get(key) ?? 0n) + value)
}
