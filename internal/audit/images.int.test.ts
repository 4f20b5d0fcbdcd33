import t from 'tap'
import { newId } from '../platform/new-id.ts'
import type { FileStore } from '../platform/files/file-store.ts'
import { memoryFiles } from '../platform/files/testing/memory-files.ts'
import { imageFileNames } from '../platform/image-files.ts'
import { aggregates } from '../services.ts'
import { runAudit } from './audit-service.ts'
import { lawfulWorld, product } from './testing/lawful-world.ts'
import { oneDatabase } from './testing/violations.ts'

const hour = 3_600_000
const world = await lawfulWorld(t)
const databases = oneDatabase(world.url)
const store = memoryFiles()

async function add(
  state: 'reserved' | 'shown' | 'removed',
  age: string,
  of: string = product,
): Promise<string> {
  const id = newId()
  await world.sql(`insert into inventory.product_images (id, product_id, state, width, height, bytes, created_at, updated_at)
    values ('${id}', '${of}', '${state}', 1, 1, 1, now() - interval '${age}', now() - interval '${age}')`)
  return id
}

async function keep(id: string, ageMs: number): Promise<void> {
  for (const name of imageFileNames(id))
    store.files.set(name, { bytes: Buffer.from(name), changedAt: new Date(Date.now() - ageMs) })
}

async function found(name: string, files: FileStore | undefined) {
  const { invariants } = await runAudit({ aggregates, databases, nats: undefined, imageFiles: files })
  const { checked, violations, offenders } = invariants.find((one) => one.name === name) ?? {}
  return { checked, violations, offenders }
}

t.beforeEach(async () => {
  store.files.clear()
  await world.sql('delete from inventory.product_images')
})

t.test('images with their files, and uploads and removals under way, are lawful', async (t) => {
  await keep(await add('shown', '1 day'), 24 * hour)
  await keep(await add('removed', '1 hour'), 24 * hour)
  await add('reserved', '1 hour')
  await keep(newId(), 2 * hour) // it will be deleted at the next look
  t.strictSame(await found('image-files', store), { checked: 3, violations: 0, offenders: [] })
  t.strictSame(await found('product-images', store), { checked: 3, violations: 0, offenders: [] })
})

t.test('a file that is missing, and one that belongs to no image, are named', async (t) => {
  const [shown, unknown] = [await add('shown', '1 hour'), newId()]
  await keep(shown, hour)
  store.files.delete(`${shown}-card.webp`)
  store.files.set(`${unknown}-page.webp`, {
    bytes: Buffer.from('x'),
    changedAt: new Date(Date.now() - 4 * hour),
  })
  t.strictSame(await found('image-files', store), {
    checked: 1,
    violations: 2,
    offenders: [
      `the file ${shown}-card.webp of an image is missing`,
      `the file ${unknown}-page.webp belongs to no image`,
    ],
  })
})

t.test('what came or went while the audit looked is no offender', async (t) => {
  await add('shown', '10 s') // its files came behind the list
  const gone = newId()
  await keep(gone, 24 * hour)
  const vanishing = { ...store, find: async () => undefined }
  t.match(await found('image-files', vanishing), { violations: 0 })
})

t.test('an image of no product, and one that nobody removes, are named', async (t) => {
  const [orphan, stuck] = [await add('shown', '1 hour', newId()), await add('removed', '25 hours')]
  const { violations, offenders = [] } = await found('product-images', store)
  t.equal(violations, 2)
  t.match(
    offenders.find((text) => text.includes(orphan)),
    /which is deleted or was never there/,
  )
  t.match(
    offenders.find((text) => text.includes(stuck)),
    /is removed since/,
  )
})

t.test('without a place of the files they are not judged', async (t) => {
  const { violations, offenders } = await found('image-files', undefined)
  t.strictSame([violations, offenders], [0, ['skipped: the place of the files is not known here']])
})
