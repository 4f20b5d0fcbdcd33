import { Type, type Static, type TSchema } from 'typebox'
import type { Call } from '../../platform/call.ts'
import type { Cursors } from '../cursor.ts'
import { endpoint, type Endpoint } from '../endpoint.ts'
import { bodyBytes, pageLength } from '../limits.ts'
import { etagOf, expectedVersion } from '../preconditions.ts'
import { IdParams, pageOf, pageQuery, refTo, type Named } from '../schemas.ts'
import { IfMatchHeader } from './product-schemas.ts'

type Kept = { readonly id: string; readonly version: number }
type Changed = { readonly id: string; readonly expectedVersion: number | undefined }
type Page = { readonly limit: number; readonly afterId: string | undefined }

/** One kind of rule that admins keep: its schemas, and what the service does with it. */
export type RuleKind<Body extends TSchema, New extends TSchema, Patch extends TSchema, Rule extends Kept> = {
  readonly path: string
  /** Of its permissions. */
  readonly resource: 'shipping' | 'taxes' | 'promotions'
  /** As in operation ids (`createTaxRate`), in words (`tax rate`) and in codes (`tax-rate`). */
  readonly id: string
  readonly words: string
  readonly code: string
  readonly body: Named<Body>
  readonly newBody: New
  readonly patchBody: Patch
  readonly show: (rule: Rule) => Static<Body>
  readonly list: (
    page: Page,
    call: Call,
  ) => Promise<{ readonly rules: readonly Rule[]; readonly nextId?: string | undefined }>
  readonly get: (id: string, call: Call) => Promise<Rule>
  readonly create: (
    input: Static<New>,
    call: Call,
  ) => Promise<{ readonly rule: Rule; readonly replayed: boolean }>
  readonly update: (changed: Changed, patch: Static<Patch>, call: Call) => Promise<Rule>
  readonly remove: (changed: Changed, call: Call) => Promise<unknown>
}

const Query = Type.Object(pageQuery, { additionalProperties: false })

/** The five routes of a kind of rule. */
export function ruleRoutes<
  Body extends TSchema,
  New extends TSchema,
  Patch extends TSchema,
  Rule extends Kept,
>(kind: RuleKind<Body, New, Patch, Rule>, cursors: Cursors): readonly Endpoint[] {
  return [...readingRoutes(kind, cursors), creating(kind), ...changingRoutes(kind)]
}

const common = { access: 'staff', tag: 'pricing' } as const

function readingRoutes<Body extends TSchema, Rule extends Kept>(
  { resource, path, id, words, body, show, list, get }: RuleKind<Body, TSchema, TSchema, Rule>,
  cursors: Cursors,
): readonly Endpoint[] {
  return [
    endpoint({
      ...common,
      permission: `${resource}:read`,
      method: 'GET',
      path,
      id: `list${id}s`,
      summary: `List ${words}s, newest first`,
      query: Query,
      status: 200,
      response: pageOf(body),
      async handle({ query }, call) {
        const [afterId] = cursors.read([path], query.cursor) ?? []
        const { rules, nextId } = await list({ limit: query.limit ?? pageLength.default, afterId }, call)
        const next = nextId === undefined ? undefined : [nextId]
        return { body: { data: rules.map(show), nextCursor: cursors.write([path], next) } }
      },
    }),
    endpoint({
      ...common,
      permission: `${resource}:read`,
      method: 'GET',
      path: `${path}/:id`,
      id: `get${id}`,
      summary: `Show one ${words}, with its ETag`,
      params: IdParams,
      status: 200,
      response: refTo(body),
      async handle({ params }, call) {
        const rule = await get(params.id, call)
        return { body: show(rule), headers: { etag: etagOf(rule) } }
      },
    }),
  ]
}

function creating<Body extends TSchema, New extends TSchema, Rule extends Kept>({
  resource,
  path,
  id,
  words,
  body,
  newBody,
  show,
  create,
}: RuleKind<Body, New, TSchema, Rule>): Endpoint {
  return endpoint({
    ...common,
    permission: `${resource}:write`,
    method: 'POST',
    path,
    id: `create${id}`,
    summary: `Add a ${words}`,
    takesIdempotencyKey: true,
    bodyBytes: bodyBytes.rule,
    body: newBody,
    status: 201,
    response: refTo(body),
    async handle({ body: given }, call) {
      const { rule, replayed } = await create(given, call)
      const headers = { location: `${path}/${rule.id}`, etag: etagOf(rule) }
      return { body: show(rule), headers, isReplay: replayed }
    },
  })
}

function changingRoutes<Body extends TSchema, Patch extends TSchema, Rule extends Kept>({
  resource,
  path,
  id,
  words,
  code,
  body,
  patchBody,
  show,
  update,
  remove,
}: RuleKind<Body, TSchema, Patch, Rule>): readonly Endpoint[] {
  const changed = (params: { id: string }, headers: { 'if-match'?: string }): Changed => ({
    id: params.id,
    expectedVersion: expectedVersion(headers['if-match'], code),
  })
  return [
    endpoint({
      ...common,
      permission: `${resource}:write`,
      method: 'PATCH',
      path: `${path}/:id`,
      id: `update${id}`,
      summary: `Change a ${words}; absent fields stay as they are, and null removes what is optional`,
      params: IdParams,
      headers: IfMatchHeader,
      bodyBytes: bodyBytes.rule,
      body: patchBody,
      status: 200,
      response: refTo(body),
      async handle({ params, headers, body: patch }, call) {
        const rule = await update(changed(params, headers), patch, call)
        return { body: show(rule), headers: { etag: etagOf(rule) } }
      },
    }),
    endpoint({
      ...common,
      permission: `${resource}:write`,
      method: 'DELETE',
      path: `${path}/:id`,
      id: `delete${id}`,
      summary: `Delete a ${words}; orders keep what they were placed with`,
      params: IdParams,
      headers: IfMatchHeader,
      status: 204,
      response: Type.Null(),
      async handle({ params, headers }, call) {
        await remove(changed(params, headers), call)
        return { body: null }
      },
    }),
  ]
}
