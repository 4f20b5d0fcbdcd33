import type { Mapping } from './elastic-mapping.ts'
import { expect, knownIn, notUnderstood, onlyEntry, Refused, type Json } from './elastic-strict.ts'

export type Stored = { readonly source: Json; readonly seqNo: number }

/** One index, as its writers see it. */
export type Store = {
  readonly mapping: Mapping
  readonly documents: Map<string, Stored>
  /** The number of the last write. */
  seqNo: number
}

export const primaryTerm = 1

const actionKeys: Readonly<Record<string, readonly string[]>> = {
  index: ['_id', 'if_seq_no', 'if_primary_term'],
  create: ['_id'],
  update: ['_id', 'retry_on_conflict'],
  delete: ['_id'],
}

/** Does what the lines of a bulk request say, and tells of each what became of it. */
export function writeAll(lines: readonly unknown[], store: Store | undefined): readonly Json[] {
  const items: Json[] = []
  for (let at = 0; at < lines.length; at++) {
    const [kind, given] = onlyEntry(lines[at], 'action')
    const keys = actionKeys[kind]
    if (!keys) throw notUnderstood(`unknown action [${kind}]`)
    const action = knownIn(given, kind, keys)
    const body = kind === 'delete' ? undefined : lines[++at]
    items.push({ [kind]: { _id: action._id, ...attempt(() => writeOne(kind, action, body, store)) } })
  }
  return items
}

function attempt(write: () => Json): Json {
  try {
    return write()
  } catch (err) {
    if (!(err instanceof Refused)) throw err
    return { status: err.status, error: { type: err.type, reason: err.message } }
  }
}

function writeOne(kind: string, action: Json, body: unknown, store: Store | undefined): Json {
  if (!store) throw new Refused(404, 'index_not_found_exception', 'no such alias, and it is required')
  const id = String(action._id)
  // Such as the words of names.
  if (Buffer.byteLength(id) > 512) throw new Refused(400, 'illegal_argument_exception', 'id is too long')
  const old = store.documents.get(id)
  if (kind === 'delete') {
    if (old) store.documents.delete(id)
    return old ? { status: 200, result: 'deleted' } : { status: 404, result: 'not_found' }
  }
  if (kind === 'create' && old) throw conflict('it is there already')
  if (kind === 'update') return update(id, body, old, store)
  const { if_seq_no, if_primary_term } = action
  if (if_seq_no !== undefined && (old?.seqNo !== if_seq_no || if_primary_term !== primaryTerm))
    throw conflict('it is another one meanwhile')
  put(id, body as Json, store)
  return old ? { status: 200, result: 'updated' } : { status: 201, result: 'created' }
}

function update(id: string, body: unknown, old: Stored | undefined, store: Store): Json {
  if (!old) throw new Refused(404, 'document_missing_exception', 'it is not there')
  const doc = knownIn(body, 'update', ['doc']).doc as Json
  expect(
    Object.values(doc).every((value) => typeof value !== 'object'),
    'only plain values are merged here',
  )
  if (Object.entries(doc).every(([name, value]) => old.source[name] === value))
    return { status: 200, result: 'noop' }
  put(id, { ...old.source, ...doc }, store)
  return { status: 200, result: 'updated' }
}

function put(id: string, source: Json, store: Store): void {
  store.mapping.check(source)
  store.documents.set(id, { source, seqNo: ++store.seqNo })
}

const conflict = (reason: string): Refused => new Refused(409, 'version_conflict_engine_exception', reason)
