import { Type, type Static } from 'typebox'
import type { ReturnSchema, ShipmentSchema } from '../../gen/order/v1/order_pb.ts'
import { textLengths } from '../../platform/text.ts'
import type { Wire } from '../../platform/wire.ts'
import { linesPerOrder, quantityPerLine, reasonLength } from '../limits.ts'
import { named, refTo, Time, Uuid } from '../schemas.ts'

const shipmentStatuses = ['packed', 'shipped', 'delivered', 'lost', 'returned', 'resent', 'canceled'] as const
const returnStatuses = [
  'requested',
  'approved',
  'declined',
  'canceled',
  'received',
  'expired',
  'refunded',
  'refused',
  'closed',
] as const

const ShipmentStatus = Type.Enum([...shipmentStatuses])
const ReturnState = Type.Enum([...returnStatuses])
const Units = Type.Integer({ minimum: 1, maximum: quantityPerLine })
const closed = { additionalProperties: false }

export const Shipment = named(
  'Shipment',
  Type.Object({
    id: Uuid,
    orderId: Uuid,
    status: ShipmentStatus,
    lines: Type.Array(Type.Object({ lineId: Uuid, productId: Uuid, quantity: Type.Integer() })),
    carrier: Type.String(),
    trackingNumber: Type.String(),
    trackingUrl: Type.String(),
    replaces: Type.Optional(
      Type.String({ format: 'uuid', description: 'The shipment in whose place this one was sent' }),
    ),
    history: Type.Array(Type.Object({ status: ShipmentStatus, at: Time }), { description: 'Oldest first' }),
  }),
)

const carriage = {
  carrier: Type.String({ maxLength: textLengths.carrier }),
  trackingNumber: Type.Optional(Type.String({ maxLength: textLengths.carrier })),
  trackingUrl: Type.Optional(Type.String({ maxLength: textLengths.imageUrl })),
}

export const CreateShipmentBody = Type.Object(
  {
    lines: Type.Array(
      Type.Object(
        {
          lineId: Uuid,
          quantity: Type.Integer({ minimum: 0, maximum: quantityPerLine }),
          short: Type.Optional(
            Type.Boolean({
              description:
                'There are no more: what else was ordered of this line is canceled and written off',
            }),
          ),
        },
        closed,
      ),
      { minItems: 1, maxItems: linesPerOrder },
    ),
    ...carriage,
    status: Type.Optional(Type.Enum(['packed', 'shipped'])),
  },
  closed,
)

export const ChangeShipmentBody = Type.Object(
  { status: Type.Enum(['shipped', 'delivered', 'lost', 'returned', 'canceled']) },
  closed,
)

export const ResendShipmentBody = Type.Object(
  {
    ...carriage,
    fromStock: Type.Optional(
      Type.Boolean({
        description:
          'Of a shipment that came back: other goods are taken from the stock. Of a lost one always.',
      }),
    ),
  },
  closed,
)

export const Tracking = named(
  'Tracking',
  Type.Object({
    orderId: Uuid,
    fulfilmentStatus: Type.String(),
    shipments: Type.Array(refTo(Shipment)),
    timeline: Type.Array(
      Type.Object({
        at: Time,
        what: Type.String({ description: 'As the event is called: order.confirmed, shipment.delivered' }),
        detail: Type.Optional(Type.String({ description: "The shipment's or the return's id" })),
      }),
      { description: 'Oldest first' },
    ),
  }),
)

export const Return = named(
  'Return',
  Type.Object({
    id: Uuid,
    orderId: Uuid,
    status: ReturnState,
    lines: Type.Array(
      Type.Object({
        lineId: Uuid,
        productId: Uuid,
        quantity: Type.Integer(),
        reason: Type.Optional(Type.String()),
        resellable: Type.Integer({ description: 'Of those that were received' }),
        damaged: Type.Integer(),
      }),
    ),
    withdrawal: Type.Optional(
      Type.Boolean({ description: 'The customer has withdrawn in time: it can not be declined' }),
    ),
    money: Type.Optional(
      Type.Enum(['due', 'ordered'], {
        description: 'Once it is refunded: the money is to go back, or was ordered back',
      }),
    ),
    history: Type.Array(Type.Object({ status: ReturnState, at: Time }), { description: 'Oldest first' }),
  }),
)

export const ReturnList = Type.Object({ data: Type.Array(refTo(Return)) })

export const RequestReturnBody = Type.Object(
  {
    withdrawal: Type.Optional(
      Type.Boolean({ description: 'The customer withdraws from the contract; no reason is needed' }),
    ),
    lines: Type.Array(
      Type.Object(
        {
          lineId: Uuid,
          quantity: Units,
          reason: Type.Optional(Type.String({ maxLength: reasonLength })),
        },
        closed,
      ),
      { minItems: 1, maxItems: linesPerOrder },
    ),
  },
  closed,
)

export const ChangeReturnBody = Type.Object(
  {
    status: Type.Enum(returnStatuses.slice(1)),
    lines: Type.Optional(
      Type.Array(
        Type.Object(
          {
            lineId: Uuid,
            quantity: Type.Integer({ minimum: 0, maximum: quantityPerLine }),
            condition: Type.Enum(['resellable', 'damaged']),
          },
          closed,
        ),
        {
          maxItems: 2 * linesPerOrder,
          description: 'What came in which condition, with the status received',
        },
      ),
    ),
  },
  closed,
)

export function shipmentBody(shipment: Wire<typeof ShipmentSchema>): Static<typeof Shipment> {
  const { id, orderId, lines, carrier, trackingNumber, trackingUrl, replaces, history } = shipment
  return {
    ...{ id, orderId, carrier, trackingNumber, trackingUrl },
    status: known(shipmentStatuses, shipment.status),
    lines: lines.map(({ lineId, productId, quantity }) => ({ lineId, productId, quantity })),
    ...(replaces === undefined ? {} : { replaces }),
    history: history.map(({ status, at }) => ({ status: known(shipmentStatuses, status), at })),
  }
}

export function returnBody(of: Wire<typeof ReturnSchema>): Static<typeof Return> {
  return {
    ...{ id: of.id, orderId: of.orderId, status: known(returnStatuses, of.status) },
    ...(of.withdrawal ? { withdrawal: true } : {}),
    lines: of.lines.map(({ reason, ...line }) => (reason ? { ...line, reason } : line)),
    ...(of.money === 'due' || of.money === 'ordered' ? { money: of.money } : {}),
    history: of.history.map(({ status, at }) => ({ status: known(returnStatuses, status), at })),
  }
}

function known<Word extends string>(words: readonly Word[], text: string): Word {
  const word = words.find((each) => each === text)
  if (!word)
    throw new Error(`the order service answered with a status that the gateway does not know: ${text}`)
  return word
}
