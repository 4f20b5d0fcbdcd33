import { Type, type Static } from 'typebox'
import type { ReadFiguresResponseSchema } from '../../gen/analytics/v1/analytics_pb.ts'
import { toDecimal } from '../../platform/money.ts'
import type { Wire } from '../../platform/wire.ts'
import { csvLine } from '../csv-line.ts'
import { named, Time } from '../schemas.ts'

const Metric = Type.Enum(
  [
    ...(['orders', 'units', 'sales', 'revenue', 'refunded', 'views', 'searches'] as const),
    ...(['carts', 'checkouts', 'conversion', 'sign-ins'] as const),
  ],
  { description: 'What is counted: docs/analytics.md' },
)

const By = Type.Enum(['hour', 'day', 'product', 'category'])

/** Longer than any time as of RFC 3339. */
const timeLength = 40

const DateOrTime = (description: string) =>
  Type.Optional(Type.String({ minLength: 1, maxLength: timeLength, description }))

export const AnalyticsQuery = Type.Object(
  {
    metric: Metric,
    by: Type.Optional({ ...By, description: 'Of UTC; by day without it' }),
    from: DateOrTime('A time (RFC 3339) or a date; without it 29 days before the day of `to`'),
    to: DateOrTime('A time, or a date, which is counted as well; without it now'),
    currency: Type.Optional(
      Type.String({ pattern: '^[A-Z]{3}$', description: "Of amounts; without it the shop's" }),
    ),
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1_000,
        description: 'Of products, the highest first; 100 without it',
      }),
    ),
    format: Type.Optional(
      Type.Enum(['json', 'csv'], {
        description: 'Goes before the header Accept, which may ask for text/csv',
      }),
    ),
  },
  { additionalProperties: false },
)

export const Figures = named(
  'Figures',
  Type.Object({
    metric: Metric,
    by: By,
    from: { ...Time, description: 'The beginning of the first hour that was counted' },
    to: { ...Time, description: 'The end of the last one' },
    currency: Type.Optional(Type.String({ description: 'Of amounts' })),
    data: Type.Array(
      Type.Object({
        key: Type.String({
          description:
            "The beginning of the hour, the date, the product's id or the category's path; empty: none",
        }),
        name: Type.Optional(Type.String({ description: 'Of a product that is still there' })),
        value: Type.Number({ description: 'A count, an amount, or a share of 1' }),
      }),
      {
        description:
          'By hour and day all of them; by product and category those with a value, the highest first',
      },
    ),
    total: Type.Number({
      description:
        'Of the whole shop: an order has several products, and its shipping belongs to none of them',
    }),
  }),
)

type Asked = {
  readonly metric: Static<typeof Metric>
  readonly by: Static<typeof By>
  readonly currency: string
}

export function figuresBody(
  { metric, by, currency }: Asked,
  { from, to, unit, figures, total }: Wire<typeof ReadFiguresResponseSchema>,
): Static<typeof Figures> {
  const valueOf = (value: string): number => {
    if (unit === 'minor') return toDecimal(BigInt(value), currency)
    return unit === 'ppm' ? Number(value) / 1_000_000 : Number(value)
  }
  return {
    ...{ metric, by, from, to },
    ...(unit === 'minor' ? { currency } : {}),
    data: figures.map(({ key, name, value }) => {
      return { key, ...(name === '' ? {} : { name }), value: valueOf(value) }
    }),
    total: valueOf(total),
  }
}

/** Products have a column for their name. */
export function figuresCsv({ by, metric, data }: Static<typeof Figures>): string {
  const isNamed = by === 'product'
  const head = csvLine([by, ...(isNamed ? ['name'] : []), metric])
  const lines = data.map(({ key, name = '', value }) =>
    csvLine([key, ...(isNamed ? [name] : []), String(value)]),
  )
  return head + lines.join('')
}
