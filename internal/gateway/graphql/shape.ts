import {
  Kind,
  type DocumentNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'
import { Refusal } from '../../platform/refusal.ts'

export type Fragments = ReadonlyMap<string, FragmentDefinitionNode>

export type Shape = {
  /** Of fields within fields. */
  readonly depth: number
  /** Fields under another name, and fields that are asked for again where they were asked for already. */
  readonly aliases: number
  readonly introspects: boolean
}

export const fragmentsOf = ({ definitions }: DocumentNode): Fragments =>
  new Map(
    definitions.flatMap((each) => (each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each]] : [])),
  )

const empty: Shape = { depth: 0, aliases: 0, introspects: false }
const introspection = ['__schema', '__type']

/**
 * Looks at the query without knowing its types. Each fragment is looked at once, however often it is used, so this takes as long as
 * the query is. What introspection asks for is not measured: where it is allowed at all, nobody needs to be kept from it.
 */
export function shapeOf(operation: OperationDefinitionNode, fragments: Fragments): Shape {
  const known = new Map<string, Shape | 'under way'>()

  function ofFragment(name: string): Shape {
    const found = known.get(name)
    if (found === 'under way')
      throw new Refusal('invalid', 'graphql.invalid', `the fragment ${name} has itself in it`)
    if (found) return found
    known.set(name, 'under way')
    const fragment = fragments.get(name)
    const shape = fragment ? ofSet(fragment.selectionSet) : empty
    known.set(name, shape)
    return shape
  }

  function ofSet({ selections }: SelectionSetNode, names = new Set<string>()): Shape {
    let { depth, aliases, introspects } = empty
    const add = (shape: Shape, levels: number): void => {
      depth = Math.max(depth, shape.depth + levels)
      aliases += shape.aliases
      introspects ||= shape.introspects
    }
    for (const each of selections) {
      if (each.kind === Kind.FRAGMENT_SPREAD) {
        add(ofFragment(each.name.value), 0)
        if (names.has(`...${each.name.value}`)) aliases++
        names.add(`...${each.name.value}`)
      } else if (each.kind === Kind.INLINE_FRAGMENT) add(ofSet(each.selectionSet, names), 0)
      else {
        const isMeta = introspection.includes(each.name.value)
        introspects ||= isMeta
        const name = each.alias?.value ?? each.name.value
        if (each.alias || names.has(name)) aliases++
        names.add(name)
        add(each.selectionSet && !isMeta ? ofSet(each.selectionSet) : empty, 1)
      }
    }
    return { depth, aliases, introspects }
  }

  return ofSet(operation.selectionSet)
}
