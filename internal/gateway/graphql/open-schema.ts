import { buildSchema, isObjectType, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql'
import type { Asking, Operations } from './asking.ts'
import { pageInfoSdl } from './pages.ts'
import type { Link, Part, Query } from './part.ts'
import { sdlOf } from './sdl-of.ts'

export type OpenSchema = {
  readonly schema: GraphQLSchema
  /** Whether this field of Query shows the same to everybody. */
  readonly isShared: (field: string) => boolean
}

type Resolver = GraphQLFieldResolver<never, Asking, never>

/** The schema of these parts, whose fields ask the endpoints. */
export function openSchema(parts: readonly Part[], operations: Operations): OpenSchema {
  const sdl = sdlOf()
  const base = `scalar DateTime\nscalar JSON\n${pageInfoSdl}\ntype Query`
  const schema = buildSchema([base, ...parts.map((part) => part.sdl(sdl))].join('\n'))
  const shared = new Set<string>()
  for (const { queries, links = {} } of parts) {
    for (const [name, query] of Object.entries(queries)) {
      resolveBy(schema, 'Query', name, queryResolver(query))
      const endpoints = query.asks.map(operations.find)
      if (endpoints.every(({ shows }) => shows !== undefined)) shared.add(name)
    }
    for (const [place, link] of Object.entries(links)) {
      operations.find(link.like)
      const [type = '', name = ''] = place.split('.')
      resolveBy(schema, type, name, linkResolver(link))
    }
  }
  return { schema, isShared: (field) => shared.has(field) }
}

function resolveBy(schema: GraphQLSchema, type: string, name: string, resolve: Resolver): void {
  const found = schema.getType(type)
  const field = isObjectType(found) ? found.getFields()[name] : undefined
  if (!field) throw new Error(`the schema has no ${type}.${name}`)
  field.resolve = resolve as GraphQLFieldResolver<unknown, unknown>
}

const queryResolver =
  ({ asks, resolve }: Query): Resolver =>
  (_source, args, { ask }) =>
    resolve(args, (operation, input) => {
      if (!asks.includes(operation)) throw new Error(`it has not said that it asks ${operation}`)
      return ask(operation, input)
    })

const linkResolver =
  (link: Link): Resolver =>
  async (source, _args, { load }) => {
    const key = link.keyOf(source)
    const found = key === undefined ? link.none : await load(link, key)
    return link.show ? link.show(found as never) : found // `read` has found what `show` takes
  }

/** A field that shows what it was given. */
export const shownValue: GraphQLFieldResolver<Readonly<Record<string, unknown>>, Asking> = (
  source,
  _args,
  { count },
  { fieldName },
) => {
  const value = source[fieldName]
  count(value)
  return value
}
