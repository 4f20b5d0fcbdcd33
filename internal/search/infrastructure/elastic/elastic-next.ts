import type { FindNextIndex } from '../../application/renew-index.ts'
import type { Synonyms } from '../../domain/synonyms.ts'
import { elasticCall, errorIn, faultOf, IndexMissing, type ElasticCall } from './elastic-call.ts'
import { createIndex, passingClient, type ElasticOptions } from './elastic-client.ts'
import { elasticIndex } from './elastic-index.ts'
import { layoutNumber } from './index-layout.ts'

/** The name by which the index is asked that is to take the place of the one of this name. */
export const nextOf = (index: string): string => `${index}-next`

export function findElasticNext({ url, index }: ElasticOptions, synonyms: Synonyms): FindNextIndex {
  const call = elasticCall(url)
  return async () => {
    if ((await namesOf(call, nextOf(index))).length === 0) return undefined
    return {
      index: elasticIndex(passingClient({ url, index: nextOf(index) }), synonyms),
      takeOver: () => takeOver(call, index),
    }
  }
}

/** Makes an empty index that is to take the place of the present one. When two want one at once, there is one. */
export async function wantElasticNext({ url, index }: ElasticOptions): Promise<void> {
  const call = elasticCall(url)
  const present = await namesOf(call, index)
  const [one = '', other = ''] = ['a', 'b'].map((letter) => `${index}-${layoutNumber}-${letter}`)
  await createIndex(call, present.includes(one) ? other : one, nextOf(index))
}

/** The indexes that are asked by this name. */
export async function namesOf(call: ElasticCall, alias: string): Promise<readonly string[]> {
  const { status, body } = await call('GET', `/_alias/${encodeURIComponent(alias)}`)
  if (status === 404) return []
  if (status >= 300) throw faultOf(status, errorIn(body))
  return Object.keys(body as object)
}

/** In one step, so that there is always one index that is asked. */
async function takeOver(call: ElasticCall, index: string): Promise<void> {
  const [present, next] = [await namesOf(call, index), await namesOf(call, nextOf(index))]
  const actions = [
    ...present.map((name) => ({ remove_index: { index: name } })),
    ...next.map((name) => ({ add: { index: name, alias: index } })),
    ...next.map((name) => ({ remove: { index: name, alias: nextOf(index) } })),
  ]
  if (next.length === 0) return // another process was first
  const { status, body } = await call('POST', '/_aliases', JSON.stringify({ actions }))
  if (status < 300) return
  const fault = faultOf(status, errorIn(body))
  if (!(fault instanceof IndexMissing)) throw fault // as above
}
