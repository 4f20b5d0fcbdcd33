import { once } from 'node:events'
import { request } from 'undici'
import { forkProgram } from '../shared/forked.ts'
import { barePath } from './bare-server.ts'
import type { Bare, Shop } from './shop.ts'

const pages = ['product', 'page'] as const

/** Fetches answers of the shop and starts a process that returns the same bytes. */
export async function startBare(
  program: string,
  shopUrl: string,
  reads: Shop['reads'],
): Promise<Bare & { readonly stop: () => Promise<void> }> {
  const bodies = await Promise.all(
    pages.map(async (page) => {
      const { body } = await request(`${shopUrl}${reads[page][0]?.path ?? ''}`)
      return body.text()
    }),
  )
  const { child, pid, stop } = forkProgram(program)
  child.send(bodies)
  const [url] = (await once(child, 'message')) as [string] // serveBare sends its URL
  const read = (page: (typeof pages)[number]) => [{ path: barePath(pages.indexOf(page)) }]
  return {
    pid,
    url,
    reads: { product: read('product'), page: read('page') },
    stop,
  }
}
