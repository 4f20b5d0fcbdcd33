import type { Call } from '../../internal/platform/call.ts'
import type { OrderHandlers } from './parts.ts'
import type { ClientStep } from './steps.ts'

/** Staff who pack and send, and customers who send back. They know their orders and parcels by what was answered. */
export type Desk = {
  readonly orders: OrderHandlers
  readonly admin: Call
  readonly known: readonly { readonly id: string }[]
  readonly parcels: string[]
  readonly ask: <Answer>(work: () => Promise<Answer>) => Promise<Answer | undefined>
}

type StepTo<Kind extends ClientStep['do']> = Extract<ClientStep, { readonly do: Kind }>

export async function sendParcel(desk: Desk, step: StepTo<'parcel'>): Promise<void> {
  const { orders, admin, known, parcels, ask } = desk
  const id = known[step.nth % known.length]?.id
  const found = id === undefined ? undefined : await ask(() => orders.getOrder({ id }, admin))
  const line = found?.order.items.find(
    ({ quantity, packed = 0, canceled = 0 }) => quantity - packed - canceled > 0,
  )
  if (!found || !line) return
  const left = line.quantity - (line.packed ?? 0) - (line.canceled ?? 0)
  const wanted = {
    ...{ orderId: found.order.id, carrier: '', trackingNumber: '', trackingUrl: '' },
    lines: [{ lineId: line.lineId, quantity: Math.min(step.quantity, left), short: step.isShort }],
    status: step.isShipped ? 'shipped' : 'packed',
  }
  // One request, however often it is repeated.
  const once = { key: `parcel ${found.order.id} ${parcels.length} ${step.nth}`, fingerprint: '' }
  const answer = await ask(() => orders.createShipment(wanted, { ...admin, once }))
  if (answer) parcels.push(answer.shipment.id)
}

export async function moveParcel(desk: Desk, { nth, to }: StepTo<'parcel becomes'>): Promise<void> {
  const { orders, admin, parcels, ask } = desk
  const id = parcels[nth % parcels.length]
  if (id !== undefined) await ask(() => orders.changeShipment({ id, status: to }, admin))
}

export async function sendBack(desk: Desk, { nth, condition }: StepTo<'send back'>): Promise<void> {
  const { orders, admin, known, ask } = desk
  const orderId = known[nth % known.length]?.id
  const found = orderId === undefined ? undefined : await ask(() => orders.getOrder({ id: orderId }, admin))
  const line = found?.order.items.find(({ shipped = 0, returned = 0 }) => shipped > returned)
  if (!found || !line) return
  const { lineId } = line
  const wanted = { orderId: found.order.id, lines: [{ lineId, quantity: 1, reason: '' }] }
  const once = { key: `return ${lineId} ${line.returned ?? 0}`, fingerprint: '' }
  const id = (await ask(() => orders.requestReturn(wanted, { ...admin, once })))?.return.id
  if (id === undefined) return
  const lines = [{ lineId, quantity: 1, condition }]
  await ask(() => orders.changeReturn({ id, status: 'approved', lines: [] }, admin))
  await ask(() => orders.changeReturn({ id, status: 'received', lines }, admin))
  await ask(() => orders.changeReturn({ id, status: 'refunded', lines: [] }, admin))
}
