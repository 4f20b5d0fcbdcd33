import { Type, type Static } from 'typebox'
import type { InventoryService } from '../../gen/inventory/v1/inventory_pb.ts'
import type { Handlers } from '../../platform/service.ts'
import { anyCategory } from '../catalogue-changes.ts'
import { endpoint, type Endpoint } from '../endpoint.ts'
import { bodyBytes } from '../limits.ts'
import { etagOf, expectedVersion } from '../preconditions.ts'
import { IdParams, refTo } from '../schemas.ts'
import { Category, categoryBody, CategoryPatch, NewCategory } from './category-schemas.ts'
import { IfMatchHeader } from './product-schemas.ts'

export type CategoryDeps = {
  readonly inventory: Pick<
    Handlers<typeof InventoryService>,
    'listCategories' | 'getCategory' | 'createCategory' | 'updateCategory' | 'deleteCategory'
  >
}

/** The tree of categories: everybody sees it, and who writes products keeps it. */
export function categoryRoutes(deps: CategoryDeps): readonly Endpoint[] {
  return [...readingRoutes(deps), creating(deps), changing(deps), deleting(deps)]
}

const common = { tag: 'categories' } as const
const forStaff = { ...common, access: 'staff', permission: 'products:write' } as const

function readingRoutes({ inventory }: CategoryDeps): readonly Endpoint[] {
  return [
    endpoint({
      ...common,
      method: 'GET',
      path: '/categories',
      access: 'anyone',
      id: 'listCategories',
      summary: 'The whole tree of categories, each before those below it',
      status: 200,
      response: Type.Object({ data: Type.Array(refTo(Category)) }),
      async handle(_input, call) {
        const data: Static<typeof Category>[] = []
        for (let hasMore = true; hasMore;) {
          const page = await inventory.listCategories({ afterId: data.at(-1)?.id }, call)
          data.push(...page.categories.map(categoryBody))
          hasMore = page.hasMore
        }
        return { body: { data } }
      },
      shows: () => [anyCategory],
    }),
    endpoint({
      ...common,
      method: 'GET',
      path: '/categories/:id',
      access: 'anyone',
      id: 'getCategory',
      summary: 'Show one category, with its ETag',
      params: IdParams,
      status: 200,
      response: refTo(Category),
      async handle({ params }, call) {
        const { category } = await inventory.getCategory(params, call)
        return { body: categoryBody(category), headers: { etag: etagOf(category) } }
      },
      shows: () => [anyCategory],
    }),
  ]
}

function creating({ inventory }: CategoryDeps): Endpoint {
  return endpoint({
    ...forStaff,
    method: 'POST',
    path: '/categories',
    id: 'createCategory',
    summary: 'Add a category',
    takesIdempotencyKey: true,
    bodyBytes: bodyBytes.rule,
    body: NewCategory,
    status: 201,
    response: refTo(Category),
    async handle({ body }, call) {
      const { category, replayed } = await inventory.createCategory({ attributes: [], ...body }, call)
      const headers = { location: `/categories/${category.id}`, etag: etagOf(category) }
      return { body: categoryBody(category), headers, isReplay: replayed }
    },
  })
}

function changing({ inventory }: CategoryDeps): Endpoint {
  return endpoint({
    ...forStaff,
    method: 'PATCH',
    path: '/categories/:id',
    id: 'updateCategory',
    summary: 'Rename or move a category, with its products and all below it, or change its attributes',
    params: IdParams,
    headers: IfMatchHeader,
    bodyBytes: bodyBytes.rule,
    body: CategoryPatch,
    status: 200,
    response: refTo(Category),
    async handle({ params, headers, body: { name, parentId, attributes } }, call) {
      const request = {
        ...{ ...params, name, parentId: parentId ?? undefined, toRoot: parentId === null },
        attributes: { replace: attributes !== undefined, definitions: attributes ?? [] },
        expectedVersion: expectedVersion(headers['if-match'], 'category'),
      }
      const { category } = await inventory.updateCategory(request, call)
      return { body: categoryBody(category), headers: { etag: etagOf(category) } }
    },
  })
}

function deleting({ inventory }: CategoryDeps): Endpoint {
  return endpoint({
    ...forStaff,
    method: 'DELETE',
    path: '/categories/:id',
    id: 'deleteCategory',
    summary: 'Delete a category in which there are no products, and below which there is none',
    params: IdParams,
    headers: IfMatchHeader,
    status: 204,
    response: Type.Null(),
    async handle({ params, headers }, call) {
      const version = expectedVersion(headers['if-match'], 'category')
      await inventory.deleteCategory({ ...params, expectedVersion: version }, call)
      return { body: null }
    },
  })
}
