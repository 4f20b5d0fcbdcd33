import type { TracedRequest } from '../application/reservations.ts'
import type { Allocate } from '../domain/allocate.ts'
import type { ProductId } from '../../domain/ids.ts'
import { fallenBelow } from '../domain/low-stock.ts'
import type { Low } from './low-stock.ts'

export type Reserving = {
  readonly requests: readonly TracedRequest[]
  readonly decide: Allocate
  readonly at: Date
}

/** `lowUnits`: below so many, stock is low. */
export type Batch = Reserving & { readonly lowUnits: number }

type Taken = Pick<Batch, 'requests' | 'lowUnits'> & {
  readonly available: ReadonlyMap<ProductId, number>
  readonly left: readonly (readonly [ProductId, number])[]
}

/** The products that these orders have brought below the limit, each with the trace of one of the orders. */
export const lowAfter = ({ lowUnits, requests, available, left }: Taken): readonly Low[] =>
  fallenBelow(lowUnits, available, left).flatMap(([productId, units]) => {
    const by = requests.find(({ lines }) => lines.some((line) => line.productId === productId))
    return by ? [{ productId, available: units, trace: by.trace }] : []
  })
