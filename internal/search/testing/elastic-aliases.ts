import { knownIn, listIn, onlyEntry, Refused, textIn, type Json } from './elastic-strict.ts'

type Named = { aliases: readonly string[] }

/** The indexes that have this alias, with it. */
export function aliasesAt(alias: string, indexes: ReadonlyMap<string, Named>): Json {
  const named = [...indexes].filter(([, { aliases }]) => aliases.includes(alias))
  if (named.length === 0) throw new Refused(404, 'aliases_not_found_exception', `alias [${alias}] missing`)
  return Object.fromEntries(named.map(([name]) => [name, { aliases: { [alias]: {} } }]))
}

/** Changes aliases and removes indexes, all or nothing. */
export function changeAliases(body: unknown, indexes: Map<string, Named>): Json {
  const actions = listIn(knownIn(body, 'aliases', ['actions']).actions, 'actions').map((each) =>
    onlyEntry(each, 'action'),
  )
  const changes = actions.map(([kind, given]) => changeOf(kind, given, indexes))
  for (const change of changes) change()
  return { acknowledged: true }
}

function changeOf(kind: string, given: unknown, indexes: Map<string, Named>): () => void {
  const { index: name, alias } = knownIn(
    given,
    kind,
    kind === 'remove_index' ? ['index'] : ['index', 'alias'],
  )
  const index = indexes.get(textIn(name, 'index'))
  if (!index) throw new Refused(404, 'index_not_found_exception', 'no such index')
  if (kind === 'remove_index') return () => void indexes.delete(textIn(name, 'index'))
  const [text, others] = [textIn(alias, 'alias'), () => index.aliases.filter((each) => each !== alias)]
  if (kind === 'add') return () => void (index.aliases = [...others(), text])
  if (kind !== 'remove') throw new Refused(400, 'x_content_parse_exception', `unknown action [${kind}]`)
  if (!index.aliases.includes(text))
    throw new Refused(404, 'aliases_not_found_exception', `aliases [${text}] missing`)
  return () => void (index.aliases = others())
}
