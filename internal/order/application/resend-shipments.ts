import { requirePermission, traceOf, type Call, type Once, type Trace } from '../../platform/call.ts'
import { doOnce, type Done } from '../../platform/do-once.ts'
import { Refusal } from '../../platform/refusal.ts'
import { parseCarriage } from '../domain/carriage.ts'
import type { OrderFile } from '../domain/order-file.ts'
import type { Carriage, Shipment, ShipmentId } from '../domain/parcel.ts'
import { abandonResend, beginResend, completeResend } from '../domain/resend.ts'
import { shipmentNotFound } from '../domain/shipment.ts'
import type { OrderFiles } from './order-files.ts'
import { changed, shipmentIn } from './ship-orders.ts'
import type { ReplacementDecision, Stock } from './stock.ts'

type Deps = {
  readonly files: OrderFiles
  readonly stock: Pick<Stock, 'replace'>
  readonly now: () => Date
}

export type ResendShipment = Carriage & { readonly id: ShipmentId; readonly isFromStock: boolean }

/**
 * Sends a parcel again that was lost or came back. That it is to leave is stored before the inventory is asked for goods, so
 * what a crash leaves behind is finished by the sweeper or by the same request.
 */
export function resendShipment(deps: Deps & { readonly newShipmentId: () => ShipmentId }) {
  const { files, newShipmentId, now } = deps
  const finish = finishResend(deps)
  return async (input: ResendShipment, call: Call): Promise<Done<Shipment>> => {
    requirePermission(call, 'orders:write')
    const { id, isFromStock } = input
    const [trace, wanted] = [traceOf(call), { id: newShipmentId(), isFromStock, ...parseCarriage(input) }]
    const earlier = async (once: Once): Promise<Shipment | undefined> => {
      const as = (await files.findThing(once)) as ShipmentId | undefined
      return as && finish(await fileOf(files, id), id, as, trace)
    }
    return doOnce(call.once, earlier, async () => {
      const file = await files.update({
        ...{ id: (await fileOf(files, id)).order.id, trace, once: call.once, thing: wanted.id },
        decide: (before) => beginResend(before, id, wanted, now()),
      })
      return finish(changed(file, call), id, wanted.id, trace)
    })
  }
}

/** Goes on with parcels whose goods were waited for. */
export function resumeResending({ files, ...deps }: Deps) {
  const finish = finishResend({ files, ...deps })
  return async (ids: readonly ShipmentId[]): Promise<readonly (Refusal | undefined)[]> =>
    Promise.all(
      ids.map(async (id) => {
        const file = await fileOf(files, id)
        const { resending } = shipmentIn(file, id)
        const trace = { correlationId: file.order.id, causationId: '', traceparent: '' }
        if (!resending) return undefined
        return finish(file, id, resending.id, trace).then(() => undefined, refusalOf)
      }),
    )
}

/** The parcel, with which goods have left. Refused with shipment.out-of-stock, and it can be sent again another time. */
function finishResend({ files, stock, now }: Deps) {
  return async (file: OrderFile, id: ShipmentId, as: ShipmentId, trace: Trace): Promise<Shipment> => {
    const done = file.shipments.find((each) => each.id === as)
    if (done) return done
    const { orderId, lines } = shipmentIn(file, id)
    const decision = await stock.replace({ orderId, shipmentId: as, lines, trace })
    if (decision.outcome === 'busy')
      throw new Refusal('unavailable', 'shipment.resending', 'the stock is busy; the shipment leaves soon')
    const after = await files.update({
      ...{ id: orderId, trace },
      decide: (before) =>
        decision.outcome === 'taken' ? completeResend(before, id, as, now()) : abandonResend(before, id, as),
    })
    if (!after) throw shipmentNotFound()
    if (decision.outcome === 'rejected') throw outOfStock(decision)
    return shipmentIn(after, as)
  }
}

async function fileOf(files: OrderFiles, id: ShipmentId): Promise<OrderFile> {
  const file = await files.findByShipment(id)
  if (!file) throw shipmentNotFound()
  return file
}

const outOfStock = ({ shortages }: Extract<ReplacementDecision, { outcome: 'rejected' }>): Refusal =>
  new Refusal('conflict', 'shipment.out-of-stock', 'there are too few goods to send it again', { shortages })

/** What is not to be is no fault of the sweep. */
function refusalOf(err: unknown): Refusal {
  if (err instanceof Refusal && err.kind !== 'unavailable') return err
  throw err
}
