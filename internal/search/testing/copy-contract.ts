import type { Test } from 'tap'
import type { SearchIndex } from '../application/search-index.ts'
import { document, query } from './fixtures.ts'

/** How every index tells whether it is still a copy of the catalogue. `open` gives an empty one. */
export function copyContract(t: Test, open: (t: Test) => Promise<SearchIndex>): void {
  t.test('tells its products by buckets', async (t) => {
    const index = await open(t)
    t.strictSame(await index.digest(), [])
    const [first, second] = [document({}), document({})]
    const [same, other] = [idIn(first.id, '07'), idIn(second.id, '07')]
    await index.put([{ ...first, id: same }], 'older')
    const one = await index.digest()
    t.match(one, [{ bucket: 7, count: 1 }])
    await index.put([{ ...second, id: other, version: 3 }], 'older')
    t.match(await index.digest(), [{ bucket: 7, count: 2 }])
    t.strictSame(
      new Map(await index.versionsIn([7])),
      new Map([
        [same, 1],
        [other, 3],
      ]),
    )
    t.strictSame(new Map(await index.versionsIn([8])), new Map())
    await index.remove([other])
    t.strictSame(await index.digest(), one)
    await index.put([{ ...first, id: same, version: 2 }], 'older')
    t.notSame(await index.digest(), one, 'another version is something else')
    for (const missing of ['categoryId', 'attributes']) {
      await index.put([{ ...first, id: same, [missing]: undefined }], 'always')
      t.notSame(await index.digest(), one, `and so is one without ${missing}`)
      t.strictSame(new Map(await index.versionsIn([7])), new Map([[same, 0]]))
    }
  })

  t.test('knows what is sold out', async (t) => {
    const index = await open(t)
    const documents = [
      document({ name: 'A' }),
      document({ name: 'B', isSoldOut: true }),
      document({ name: 'C' }),
    ]
    await index.put(documents, 'older')
    const [a, b] = documents
    const there = async () =>
      (await index.find(query('', { filter: { inStock: true }, sort: 'name' }))).ids.length
    t.equal(await there(), 2)
    t.equal(await index.setSoldOut(a ? [a.id] : []), 2, 'one comes and one goes')
    t.equal(await there(), 2)
    t.equal(await index.setSoldOut([a, b].flatMap((each) => each?.id ?? [])), 1)
    t.equal(await there(), 1)
    t.equal(await index.setSoldOut([]), 2)
    t.equal(await index.setSoldOut([]), 0)
    t.equal(await there(), 3)
  })
}

const idIn = <Id extends string>(id: Id, lastByte: string): Id => `${id.slice(0, -2)}${lastByte}` as Id
