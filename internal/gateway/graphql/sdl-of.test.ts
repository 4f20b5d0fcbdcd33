import { buildSchema, isObjectType } from 'graphql'
import t from 'tap'
import { Type } from 'typebox'
import { Shipment } from '../routes/fulfilment-schemas.ts'
import { Order } from '../routes/order-schemas.ts'
import { Payment } from '../routes/payment-schemas.ts'
import { Product } from '../routes/product-schemas.ts'
import { named } from '../schemas.ts'
import { User } from '../routes/user-schemas.ts'
import { sdlOf } from './sdl-of.ts'

t.test('a schema of REST becomes types', (t) => {
  const Thing = Type.Object({
    id: Type.String({ format: 'uuid' }),
    at: Type.Optional(Type.String({ format: 'date-time' })),
    parent: Type.Unsafe<string | null>({ type: ['string', 'null'], format: 'uuid' }),
    state: Type.Enum(['on', 'off']),
    earlier: Type.Array(Type.Object({ state: Type.Enum(['on', 'off']) })),
    kinds: Type.Array(Type.Enum(['a-b'])),
    count: Type.Integer({ description: 'How "many"' }),
    price: Type.Number(),
    free: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    kind: Type.Literal('thing'),
    isGood: Type.Boolean(),
    other: Type.Unsafe<object>({ $ref: 'Other#' }),
  })
  const sdl = sdlOf().types({ Thing: named('Thing', Thing) })
  t.equal(
    sdl,
    [
      'enum ThingState {\n  on\n  off\n}',
      'type ThingEarlier {\n  state: ThingState!\n}',
      [
        'type Thing {',
        ...['  id: ID!', '  at: DateTime', '  parent: ID', '  state: ThingState!'],
        ...['  earlier: [ThingEarlier!]!', '  kinds: [String!]!', '  "How \\"many\\""', '  count: Int!'],
        ...['  price: Float!', '  free: JSON', '  kind: String!', '  isGood: Boolean!', '  other: Other!'],
        '}',
      ].join('\n'),
    ].join('\n\n'),
  )
  t.end()
})

t.test('a query becomes arguments, without what has no name here', (t) => {
  const query = Type.Object({
    limit: Type.Optional(Type.Integer()),
    cursor: Type.Optional(Type.String()),
    'attributes.size': Type.Optional(Type.String()),
    inStock: Type.Optional(Type.Boolean()),
  })
  t.equal(sdlOf().args(query), 'first: Int, after: String, inStock: Boolean')
  t.end()
})

t.test('a type has every field of its schema, and is nowhere more certain of it', (t) => {
  const all = { Product, Order, Payment, Shipment, User }
  const schema = buildSchema(`scalar DateTime scalar JSON type Query { x: Int } ${sdlOf().types(all)}`)
  for (const [name, { properties, required }] of Object.entries(all)) {
    const type = schema.getType(name)
    const fields = isObjectType(type) ? type.getFields() : {}
    t.same(Object.keys(fields), Object.keys(properties), name)
    for (const field of Object.values(fields))
      if (field.type.toString().endsWith('!')) t.ok((required as readonly string[]).includes(field.name))
  }
  t.end()
})
