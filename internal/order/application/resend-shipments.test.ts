import t from 'tap'
import type { Call } from '../../platform/call.ts'
import { confirm } from '../domain/order.ts'
import { moveShipment, pack } from '../domain/shipment.ts'
import { fakeStock } from '../testing/fake-stock.ts'
import { inMemoryOrders } from '../testing/in-memory-orders.ts'
import { admin, customer, newShipmentId, now, parcel, placed, trace, units } from '../testing/fixtures.ts'
import { resendShipment, resumeResending } from './resend-shipments.ts'

const carriage = { carrier: 'Post', trackingNumber: 'T-2', trackingUrl: '' }
const under = (key: string): Call => ({ ...admin(), once: { key, fingerprint: '' } })

/** An order of which everything is in one parcel, and the parcel is lost. */
async function shop() {
  const [orders, stock] = [inMemoryOrders(), fakeStock()]
  const deps = { files: orders.files, stock, now: () => now }
  const { order } = await orders.add(placed(), undefined, trace)
  await orders.update([{ id: order.id, trace, decide: (seen) => confirm(seen, now) }])
  const wanted = parcel(units((await orders.files.find(order.id))!, 1, 2))
  await orders.files.update({ id: order.id, trace, decide: (file) => pack(file, wanted, now) })
  for (const to of ['shipped', 'lost'] as const)
    await orders.files.update({
      ...{ id: order.id, trace },
      decide: (file) => moveShipment(file, wanted.id, to, now),
    })
  const send = resendShipment({ ...deps, newShipmentId })
  return {
    ...{ stock, order, id: wanted.id, files: orders.files, resume: resumeResending(deps) },
    send: (call: Call) => send({ id: wanted.id, isFromStock: false, ...carriage }, call),
    parcels: async () => (await orders.files.find(order.id))!.shipments,
    waiting: async () => orders.files.resendingSince(new Date(now.getTime() + 1), 10),
  }
}

t.test('a parcel is sent again once, by staff, however often the request is repeated', async (t) => {
  const { send, stock, id, order, parcels } = await shop()
  await t.rejects(send(customer()), { code: 'auth.forbidden' })
  const first = await send(under('k'))
  t.match(first, { isReplay: false, result: { status: 'shipped', replaces: id, carrier: 'Post' } })
  t.match(await send(under('k')), { isReplay: true, result: { id: first.result.id } })
  await t.rejects(send(under('other')), { code: 'shipment.resent' })
  t.match(await parcels(), [{ status: 'resent' }, { status: 'shipped' }])
  t.strictSame([...stock.replaced.keys()], [first.result.id])
  t.match(order.lines, { length: 2 })
})

t.test('without goods it is refused, also when it is repeated, and may be tried again', async (t) => {
  const { send, stock, parcels } = await shop()
  const shortages = [{ productId: (await parcels())[0]!.lines[0]!.productId, requested: 1, available: 0 }]
  stock.replaceWith(() => ({ outcome: 'rejected', shortages }))
  for (let n = 0; n < 2; n++)
    await t.rejects(send(under('k')), { code: 'shipment.out-of-stock', details: { shortages } })
  t.match(await parcels(), { length: 1, 0: { status: 'lost', resending: undefined } })
  stock.replaceWith(() => ({ outcome: 'taken' }))
  await t.rejects(send(under('k')), { code: 'shipment.out-of-stock' }, 'the same request has its answer')
  t.match(await send(under('another')), { result: { status: 'shipped' } })
})

t.test('what a crash left behind is finished by the same request or by the sweeper, once', async (t) => {
  for (const finish of ['request', 'sweeper'] as const) {
    const { send, stock, id, parcels, resume, waiting } = await shop()
    stock.failOnce('replace', new Error('died'))
    await t.rejects(send(under('k')), /died/)
    t.strictSame(await waiting(), [id])
    if (finish === 'sweeper') t.strictSame(await resume([id]), [undefined])
    t.match(await send(under('k')), { isReplay: true, result: { status: 'shipped', replaces: id } })
    t.match(await parcels(), [{ status: 'resent' }, { status: 'shipped' }])
    t.strictSame(await waiting(), [])
    t.strictSame(await resume([id]), [undefined], 'there is nothing left to do')
    t.equal(stock.replaced.size, 1)
  }
})

t.test('the sweeper gives up what there are no goods for, and waits while the stock is busy', async (t) => {
  const { send, stock, id, parcels, resume } = await shop()
  stock.replaceWith(() => ({ outcome: 'busy' }))
  await t.rejects(send(admin()), { kind: 'unavailable', code: 'shipment.resending' })
  await t.rejects(resume([id]), { code: 'shipment.resending' })
  t.match(await parcels(), [{ status: 'lost', resending: { carrier: 'Post' } }])
  stock.replaceWith(() => ({ outcome: 'rejected', shortages: [] }))
  t.match(await resume([id]), [{ code: 'shipment.out-of-stock' }])
  t.match(await parcels(), [{ status: 'lost', resending: undefined }])
})
