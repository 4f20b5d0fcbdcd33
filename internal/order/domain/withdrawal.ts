import { Refusal } from '../../platform/refusal.ts'
import type { ReturnState } from './goods-back.ts'
import type { OrderFile } from './order-file.ts'

const dayMs = 24 * 60 * 60_000

/**
 * A consumer may withdraw for so many days after the last of the goods has arrived, and before that. The day of its
 * arrival does not count. With 0 days nobody may.
 */
export function refuseLateWithdrawal(file: OrderFile, days: number, at: Date): void {
  const arrived = arrivedAt(file)
  const isInTime = arrived === undefined || at.getTime() < arrived.getTime() + (days + 1) * dayMs
  if (days === 0 || !isInTime)
    throw new Refusal('conflict', 'return.withdrawal-too-late', 'the time to withdraw is over', { days })
}

/** Undefined: nobody has said that all of it is there. A completed order has arrived, whatever became of its parcels. */
function arrivedAt({ order, shipments }: OrderFile): Date | undefined {
  const open = shipments.filter(({ status }) => status !== 'canceled' && status !== 'resent')
  if (open.length === 0 || open.some(({ status }) => status !== 'delivered'))
    return order.history.find(({ status }) => status === 'completed')?.at
  return new Date(Math.max(...open.map(({ updatedAt }) => updatedAt.getTime())))
}

/** Of a withdrawal nobody decides whether it is taken. Units that never come are received as none. */
export function refuseDeclining(to: ReturnState): void {
  if (to === 'declined' || to === 'refused')
    throw new Refusal('conflict', 'return.withdrawal', `a withdrawal in time cannot become ${to}`)
}
