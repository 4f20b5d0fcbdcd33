import { Refusal } from '../../platform/refusal.ts'
import { refuseTooManyReturns } from './file-size.ts'
import {
  returnStatusOf,
  withOrder,
  withReturn,
  withUnits,
  type FileChange,
  type OrderFile,
} from './order-file.ts'
import {
  returnTransitions,
  type Return,
  type ReturnId,
  type ReturnLine,
  type ReturnState,
} from './goods-back.ts'
import type { LineId, Order } from './order.ts'
import { refuseDeclining } from './withdrawal.ts'
import { resendingUnits } from './units-in-parcels.ts'

export type WantedReturn = {
  readonly lineId: LineId
  readonly quantity: number
  readonly reason: string
}

export const conditions = ['resellable', 'damaged'] as const
export type Condition = (typeof conditions)[number]

export type ReceivedUnits = {
  readonly lineId: LineId
  readonly quantity: number
  readonly condition: Condition
}

/** Only what has left can come back, and no unit twice. */
export function requestReturn(
  file: OrderFile,
  id: ReturnId,
  wanted: readonly WantedReturn[],
  at: Date,
  isWithdrawal = false,
): FileChange {
  const lines = wanted.map((each) => returnLine(file, each))
  const units = new Map(lines.map(({ lineId, quantity }) => [lineId, quantity]))
  if (units.size < lines.length)
    throw new Refusal('invalid', 'return.repeated-line', 'a return names each line once')
  const order = withUnits(file.order, lines, (line) => ({
    returned: line.returned + (units.get(line.id) ?? 0),
  }))
  const requested: Return = {
    ...{ id, orderId: order.id, returnNo: file.returns.length + 1, status: 'requested', lines },
    ...{ history: [{ status: 'requested', at }], version: 1, awaitingStock: false, money: 'none' },
    ...{ isWithdrawal, createdAt: at, updatedAt: at },
  }
  const change = told(file, order, requested)
  refuseTooManyReturns(change.state)
  return change
}

function returnLine(file: OrderFile, { lineId, quantity, reason }: WantedReturn): ReturnLine {
  const line = file.order.lines.find(({ id }) => id === lineId)
  if (!line) throw new Refusal('invalid', 'order.unknown-line', 'the order has no such line', { lineId })
  const left = line.shipped - line.returned - resendingUnits(file, lineId)
  if (quantity > left)
    throw new Refusal('conflict', 'return.exceeds-shipped', 'not so many units can come back', {
      lineId,
      left,
    })
  return { lineId, productId: line.productId, quantity, reason, resellable: 0, damaged: 0 }
}

/** Moves a return on. Undefined: it is there already. */
export function moveReturn(
  file: OrderFile,
  id: ReturnId,
  to: ReturnState,
  received: readonly ReceivedUnits[],
  at: Date,
): FileChange | undefined {
  const current = file.returns.find((each) => each.id === id)
  if (!current) throw returnNotFound()
  if (current.status === to) return undefined
  const allowed = returnTransitions[current.status]
  if (!allowed.includes(to))
    throw new Refusal(
      'conflict',
      `return.${current.status}`,
      `a ${current.status} return cannot become ${to}`,
    )
  if (current.isWithdrawal) refuseDeclining(to)
  const lines = to === 'received' ? inspected(current, received) : current.lines
  const moved: Return = {
    ...current,
    ...{ status: to, lines, version: current.version + 1, updatedAt: at },
    awaitingStock: current.awaitingStock || to === 'received',
    money: to === 'refunded' ? 'due' : current.money,
    history: [...current.history, { status: to, at }],
  }
  return told(file, given(file.order, moved), moved)
}

/** What was received in which condition. What has not come may be returned another time. */
function inspected({ lines }: Return, received: readonly ReceivedUnits[]): readonly ReturnLine[] {
  if (received.length === 0)
    throw new Refusal('invalid', 'return.condition-required', 'say in which condition the goods are')
  const unknown = received.find(({ lineId }) => !lines.some((line) => line.lineId === lineId))
  if (unknown)
    throw new Refusal('invalid', 'order.unknown-line', 'the return has no such line', {
      lineId: unknown.lineId,
    })
  return lines.map((line) => {
    const unitsIn = (condition: Condition): number =>
      received
        .filter((units) => units.lineId === line.lineId && units.condition === condition)
        .reduce((total, { quantity }) => total + quantity, 0)
    const [resellable, damaged] = [unitsIn('resellable'), unitsIn('damaged')]
    if (resellable + damaged > line.quantity)
      throw new Refusal('conflict', 'return.exceeds-request', 'more has come than was to come back', {
        lineId: line.lineId,
        requested: line.quantity,
      })
    return { ...line, resellable, damaged }
  })
}

/** Units that do not come after all can be returned another time. */
function given(order: Order, { status, lines }: Return): Order {
  const isOff = status === 'declined' || status === 'canceled' || status === 'expired'
  if (!isOff && status !== 'received') return order
  const lost = new Map(
    lines.map((line) => [line.lineId, line.quantity - (isOff ? 0 : line.resellable + line.damaged)]),
  )
  return withUnits(order, lines, (line) => ({ returned: line.returned - (lost.get(line.id) ?? 0) }))
}

function told(file: OrderFile, order: Order, changed: Return): FileChange {
  const after = withReturn(withOrder(file, order), changed)
  const next = { ...after.order, returnStatus: returnStatusOf(after) }
  return {
    state: withOrder(after, next),
    events: [{ of: 'return', event: { type: changed.status, return: changed } }],
  }
}

export const returnNotFound = (): Refusal =>
  new Refusal('not-found', 'return.not-found', 'there is no such return')
