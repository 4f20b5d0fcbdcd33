import { Refusal } from '../../platform/refusal.ts'
import type { Order } from './order.ts'

/** Units that are wanted; those that were not found are not. */
export const unitsOf = ({ lines }: Order): number =>
  lines.reduce((sum, { quantity, canceled }) => sum + quantity - canceled, 0)

export const tooManyUnpaid = (open: number, max: number): Refusal =>
  new Refusal(
    'conflict',
    'order.too-many-unpaid',
    'too many units of this account are not paid; pay for them first',
    {
      open,
      max,
    },
  )
