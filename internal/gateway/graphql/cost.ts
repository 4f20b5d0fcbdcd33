import {
  getNamedType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  visit,
  type DefinitionNode,
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'
import { LRUCache } from 'lru-cache'
import { graphqlLimits, pageLength } from '../limits.ts'
import type { Fragments } from './shape.ts'

type Variables = Readonly<Record<string, unknown>>

/**
 * How many values an answer would have, if its pages were full and its other lists had the assumed length. The query is
 * valid. It is counted once for the same lengths of pages.
 */
export function costCounter(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: Fragments,
): (variables: Variables) => number {
  const counted = new LRUCache<string, number>({ max: keptCosts })
  const lengths = [operation, ...fragments.values()].flatMap(pageVariables)
  return (variables) => {
    const key = lengths.map((name) => String(variables[name])).join()
    const known = counted.get(key)
    if (known !== undefined) return known
    const cost = costOf(schema, operation, fragments, variables)
    counted.set(key, cost)
    return cost
  }
}

/** Of one query; most have one length of their pages. */
const keptCosts = 10

/** The variables that say how long a page is. */
function pageVariables(node: DefinitionNode): readonly string[] {
  const names: string[] = []
  visit(node, {
    Argument({ name, value }) {
      if (name.value === 'first' && value.kind === Kind.VARIABLE) names.push(value.name.value)
    },
  })
  return names
}

/** A fragment is counted once for each length of a page around it. */
function costOf(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: Fragments,
  variables: Variables,
): number {
  const known = new Map<string, number>()

  function ofFragment(name: string, length: number): number {
    const key = `${name} ${length}`
    const found = known.get(key)
    if (found !== undefined) return found
    const fragment = fragments.get(name)
    const type = fragment && schema.getType(fragment.typeCondition.name.value)
    const cost = fragment && isObjectType(type) ? ofSet(type, fragment.selectionSet, length) : 0
    known.set(key, cost)
    return cost
  }

  /** `length` is that of the lists right here. */
  function ofSet(type: GraphQLObjectType, { selections }: SelectionSetNode, length: number): number {
    let cost = 0
    for (const each of selections) {
      if (each.kind === Kind.FRAGMENT_SPREAD) cost += ofFragment(each.name.value, length)
      else if (each.kind === Kind.INLINE_FRAGMENT) cost += ofSet(type, each.selectionSet, length)
      else cost += ofField(type, each, length)
    }
    return cost
  }

  function ofField(type: GraphQLObjectType, node: FieldNode, length: number): number {
    const field = type.getFields()[node.name.value]
    // Introspection costs nobody a question.
    if (!field || !node.selectionSet) return 1
    const inner = getNamedType(field.type)
    if (!isObjectType(inner)) return 1
    const isPage = field.args.some(({ name }) => name === 'first')
    const lists = isPage ? pageLengthOf(node, variables) : graphqlLimits.assumedLength
    return 1 + (isList(field.type) ? length : 1) * ofSet(inner, node.selectionSet, lists)
  }

  const query = schema.getQueryType()
  return query ? ofSet(query, operation.selectionSet, graphqlLimits.assumedLength) : 0
}

const isList = (type: GraphQLOutputType): boolean => isListType(isNonNullType(type) ? type.ofType : type)

function pageLengthOf({ arguments: given = [] }: FieldNode, variables: Variables): number {
  const value = given.find(({ name }) => name.value === 'first')?.value
  if (value?.kind === Kind.INT) return possible(Number(value.value))
  const length = value?.kind === Kind.VARIABLE ? variables[value.name.value] : undefined
  return typeof length === 'number' ? possible(length) : pageLength.default
}

/** What is not a possible length is refused by whoever answers the page, and costs no less until then. */
const possible = (length: number): number => Math.max(1, Math.min(length, pageLength.max))
