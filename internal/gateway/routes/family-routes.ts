import { Type } from 'typebox'
import type { InventoryService } from '../../gen/inventory/v1/inventory_pb.ts'
import type { Handlers } from '../../platform/service.ts'
import { anyFamily, anyProduct } from '../catalogue-changes.ts'
import type { Cursors } from '../cursor.ts'
import { endpoint, type Endpoint } from '../endpoint.ts'
import { bodyBytes, pageLength } from '../limits.ts'
import { etagOf, expectedVersion } from '../preconditions.ts'
import { IdParams, pageOf, pageQuery, refTo } from '../schemas.ts'
import {
  Family,
  familyBody,
  FamilyPatch,
  FamilyWithProducts,
  familyWithProducts,
  NewFamily,
} from './family-schemas.ts'
import { IfMatchHeader } from './product-schemas.ts'

export type FamilyDeps = {
  readonly inventory: Pick<
    Handlers<typeof InventoryService>,
    'listFamilies' | 'getFamily' | 'createFamily' | 'updateFamily' | 'deleteFamily'
  >
  readonly cursors: Cursors
}

/** Families of products that differ by options: everybody sees them, and who writes products keeps them. */
export function familyRoutes(deps: FamilyDeps): readonly Endpoint[] {
  return [...readingRoutes(deps), creating(deps), renaming(deps), deleting(deps)]
}

const common = { tag: 'families' } as const
const forStaff = { ...common, access: 'staff', permission: 'products:write' } as const

function readingRoutes({ inventory, cursors }: FamilyDeps): readonly Endpoint[] {
  return [
    endpoint({
      ...common,
      method: 'GET',
      path: '/families',
      access: 'anyone',
      id: 'listFamilies',
      summary: 'List families of products, newest first',
      query: Type.Object(pageQuery, { additionalProperties: false }),
      status: 200,
      response: pageOf(Family),
      async handle({ query }, call) {
        const [afterId] = cursors.read(['families'], query.cursor) ?? []
        const request = { limit: query.limit ?? pageLength.default, afterId }
        const { families, nextId } = await inventory.listFamilies(request, call)
        const next = nextId === undefined ? undefined : [nextId]
        return { body: { data: families.map(familyBody), nextCursor: cursors.write(['families'], next) } }
      },
      shows: () => [anyFamily],
    }),
    endpoint({
      ...common,
      method: 'GET',
      path: '/families/:id',
      access: 'anyone',
      id: 'getFamily',
      summary: 'Show one family with the options, prices and availability of its products',
      params: IdParams,
      status: 200,
      response: FamilyWithProducts,
      async handle({ params }, call) {
        const answer = await inventory.getFamily(params, call)
        return { body: familyWithProducts(answer), headers: { etag: etagOf(answer.family) } }
      },
      shows: ({ products }) => [anyFamily, anyProduct, ...products.map(({ id }) => id)],
    }),
  ]
}

function creating({ inventory }: FamilyDeps): Endpoint {
  return endpoint({
    ...forStaff,
    method: 'POST',
    path: '/families',
    id: 'createFamily',
    summary: 'Add a family of products',
    takesIdempotencyKey: true,
    bodyBytes: bodyBytes.rule,
    body: NewFamily,
    status: 201,
    response: refTo(Family),
    async handle({ body }, call) {
      const { family, replayed } = await inventory.createFamily(body, call)
      const headers = { location: `/families/${family.id}`, etag: etagOf(family) }
      return { body: familyBody(family), headers, isReplay: replayed }
    },
  })
}

function renaming({ inventory }: FamilyDeps): Endpoint {
  return endpoint({
    ...forStaff,
    method: 'PATCH',
    path: '/families/:id',
    id: 'updateFamily',
    summary: 'Rename a family',
    params: IdParams,
    headers: IfMatchHeader,
    bodyBytes: bodyBytes.rule,
    body: FamilyPatch,
    status: 200,
    response: refTo(Family),
    async handle({ params, headers, body }, call) {
      const version = expectedVersion(headers['if-match'], 'family')
      const { family } = await inventory.updateFamily({ ...params, ...body, expectedVersion: version }, call)
      return { body: familyBody(family), headers: { etag: etagOf(family) } }
    },
  })
}

function deleting({ inventory }: FamilyDeps): Endpoint {
  return endpoint({
    ...forStaff,
    method: 'DELETE',
    path: '/families/:id',
    id: 'deleteFamily',
    summary: 'Delete a family in which there is no product',
    params: IdParams,
    headers: IfMatchHeader,
    status: 204,
    response: Type.Null(),
    async handle({ params, headers }, call) {
      const version = expectedVersion(headers['if-match'], 'family')
      await inventory.deleteFamily({ ...params, expectedVersion: version }, call)
      return { body: null }
    },
  })
}
