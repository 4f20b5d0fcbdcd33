import type { Stored, StoredOrder } from '../application/stored.ts'
import type { Databases } from './databases.ts'

const orderSql = `
  select id, status, version, history, payment_status as "paymentStatus", fulfilment_status as "fulfilmentStatus",
    money_taken as "moneyTaken", hold_until as "holdUntil", closing, closing_since as "closingSince", reviving,
    reviving_since as "revivingSince", first_payment is not null as "awaitsFirstPayment",
    awaiting_release as "awaitsRelease", awaiting_cart as "awaitsCart", cart_id as "cartId", updated_at as "updatedAt"
  from orders.orders where id = $1::uuid`

const parcelsSql = `
  select id, 'shipment' as kind, status, version, history,
    jsonb_build_object('carrier', carrier, 'trackingNumber', tracking_number) as detail,
    case when awaiting_money then array['missing-units-told'] else '{}' end as awaits
  from orders.shipments where order_id = $1::uuid
  union all
  select id, 'return', status, version, history, jsonb_build_object('money', money),
    case when awaiting_stock then array['returned-stock'] else '{}' end
    || case when money = 'due' then array['refund-ordered'] else '{}' end
  from orders.returns where order_id = $1::uuid`

type Parcel = StoredOrder['parcels'][number]

export const readOrder =
  ({ ask }: Databases): Stored['order'] =>
  async (id) => {
    const [order] = await ask<StoredOrder['order']>('order', orderSql, [id])
    return order && { order, parcels: await ask<Parcel>('order', parcelsSql, [id]) }
  }
