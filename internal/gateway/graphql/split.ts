import {
  Kind,
  print,
  visit,
  type DefinitionNode,
  type DocumentNode,
  type FieldNode,
  type OperationDefinitionNode,
} from 'graphql'
import type { Fragments } from './shape.ts'

/** A part of a query that is answered by itself: one of its outermost fields, or all of it where these cannot be told apart. */
export type Unit = {
  readonly document: DocumentNode
  /** The names under which it answers. */
  readonly key: string | undefined
  /** Undefined: the answer is the caller's own. */
  readonly shared: { readonly text: string; readonly variables: readonly string[] } | undefined
}

/** Takes a query apart, so that what is the same for everybody is kept although the rest is not. */
export function unitsOf(
  operation: OperationDefinitionNode,
  fragments: Fragments,
  isShared: (field: string) => boolean,
): readonly Unit[] {
  const fields = operation.selectionSet.selections.flatMap((each) => (each.kind === Kind.FIELD ? [each] : []))
  const keys = new Set(fields.map(keyOf))
  const isPlain = fields.length === operation.selectionSet.selections.length && keys.size === fields.length
  if (!isPlain || operation.directives?.length)
    return [{ document: documentOf(operation, fragments), key: undefined, shared: undefined }]
  return fields.map((field) => unitOf(operation, field, fragments, isShared))
}

function unitOf(
  operation: OperationDefinitionNode,
  field: FieldNode,
  fragments: Fragments,
  isShared: (field: string) => boolean,
): Unit {
  const alone = { ...operation, selectionSet: { ...operation.selectionSet, selections: [field] } }
  const document = documentOf(alone, fragments)
  const variables = (document.definitions[0] as OperationDefinitionNode).variableDefinitions ?? []
  const names = variables.map(({ variable }) => variable.name.value)
  return {
    ...{ document, key: keyOf(field) },
    shared: isShared(field.name.value) ? { text: `graphql ${print(document)}`, variables: names } : undefined,
  }
}

const keyOf = ({ alias, name }: FieldNode): string => (alias ?? name).value

/** The operation with the fragments and the variables that it uses. */
function documentOf(operation: OperationDefinitionNode, fragments: Fragments): DocumentNode {
  const used = new Set<DefinitionNode>()
  const variables = new Set<string>()
  const look = (node: DefinitionNode): void => {
    visit(node, {
      VariableDefinition: () => false,
      Variable: ({ name }) => void variables.add(name.value),
      FragmentSpread({ name }) {
        const fragment = fragments.get(name.value)
        if (!fragment || used.has(fragment)) return
        used.add(fragment)
        look(fragment)
      },
    })
  }
  look(operation)
  const variableDefinitions = (operation.variableDefinitions ?? []).filter(({ variable }) =>
    variables.has(variable.name.value),
  )
  const { name: _name, ...nameless } = operation
  return { kind: Kind.DOCUMENT, definitions: [{ ...nameless, variableDefinitions }, ...used] }
}
