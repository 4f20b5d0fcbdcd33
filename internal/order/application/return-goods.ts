import { requirePermission, requireBuyer, traceOf, type Call } from '../../platform/call.ts'
import { doOnce, type Done } from '../../platform/do-once.ts'
import { parseReceived, parseWantedReturn } from '../domain/carriage.ts'
import type { OrderFile } from '../domain/order-file.ts'
import type { OrderId } from '../domain/order.ts'
import type { Return, ReturnId, ReturnState } from '../domain/goods-back.ts'
import {
  moveReturn,
  requestReturn as request,
  returnNotFound,
  type ReceivedUnits,
  type WantedReturn,
} from '../domain/return.ts'
import { refuseLateWithdrawal } from '../domain/withdrawal.ts'
import type { OrderFiles } from './order-files.ts'
import { changeable } from './read-orders.ts'
import { changed, existing } from './ship-orders.ts'

type Deps = {
  readonly files: OrderFiles
  readonly newReturnId: () => ReturnId
  readonly now: () => Date
}

/** The customer, or an admin for the customer, wants to send goods back. */
export function requestReturn(deps: Deps & { readonly withdrawalDays: number }) {
  const { files, newReturnId, withdrawalDays, now } = deps
  type Input = {
    readonly orderId: OrderId
    readonly lines: readonly WantedReturn[]
    readonly isWithdrawal: boolean
  }
  return async ({ orderId, lines, isWithdrawal }: Input, call: Call): Promise<Done<Return>> => {
    requireBuyer(call)
    const [id, wanted] = [newReturnId(), parseWantedReturn(lines)]
    const earlier = async (once: NonNullable<Call['once']>): Promise<Return | undefined> => {
      const made = (await files.findThing(once)) as ReturnId | undefined
      const file = made && (await files.findByReturn(made))
      return file && returnIn(file, made)
    }
    return doOnce(call.once, earlier, async () => {
      const file = await files.update({
        ...{ id: orderId, trace: traceOf(call), once: call.once, thing: id },
        decide(before) {
          changeable(before.order, call)
          if (isWithdrawal) refuseLateWithdrawal(before, withdrawalDays, now())
          return request(before, id, wanted, now(), isWithdrawal)
        },
      })
      return returnIn(changed(file, call), id)
    })
  }
}

/** Says what becomes of a return. The same again changes nothing. Received goods are booked because of return.received. */
export function changeReturn({ files, now }: Deps) {
  type Input = {
    readonly id: ReturnId
    readonly status: ReturnState
    readonly lines: readonly ReceivedUnits[]
  }
  return async ({ id, status, lines }: Input, call: Call): Promise<Return> => {
    requirePermission(call, 'orders:write')
    const received = parseReceived(lines)
    const found = await files.findByReturn(id)
    if (!found) throw returnNotFound()
    const file = await files.update({
      ...{ id: found.order.id, trace: traceOf(call) },
      decide: (before) => moveReturn(before, id, status, received, now()),
    })
    return returnIn(changed(file, call), id)
  }
}

export function listReturns({ files }: Pick<Deps, 'files'>) {
  return async (orderId: OrderId, call: Call): Promise<readonly Return[]> =>
    existing(await files.find(orderId), call).returns
}

function returnIn({ returns }: OrderFile, id: ReturnId): Return {
  const found = returns.find((each) => each.id === id)
  if (!found) throw returnNotFound()
  return found
}
