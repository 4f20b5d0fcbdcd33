import { elasticCall, IndexMissing } from '../elastic/elastic-call.ts'
import { passingClient, type ElasticOptions } from '../elastic/elastic-client.ts'
import { elasticIndex } from '../elastic/elastic-index.ts'
import { namesOf, nextOf, wantElasticNext } from '../elastic/elastic-next.ts'
import type { Rebuild } from './rebuild.ts'

/** The search service fills another index, which then takes the place of the one that is asked. */
export function elasticRebuild(server: ElasticOptions): Rebuild {
  const { url, index } = server
  const call = elasticCall(url)
  return {
    want: () => wantElasticNext(server),
    async look() {
      const all = await countIn({ url, index })
      if ((await namesOf(call, nextOf(index))).length === 0) return { done: all, all, isOver: true }
      const done = await countIn({ url, index: nextOf(index) })
      return { done, all: Math.max(done, all), isOver: false }
    },
  }
}

/** How many products there are. An index that is not there has none. */
async function countIn(server: ElasticOptions): Promise<number> {
  try {
    const buckets = await elasticIndex(passingClient(server), new Map()).digest()
    return buckets.reduce((sum, { count }) => sum + count, 0)
  } catch (err) {
    if (err instanceof IndexMissing) return 0
    throw err
  }
}
