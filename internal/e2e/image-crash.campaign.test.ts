import pg from 'pg'
import t from 'tap'
import { filePart } from '../gateway/images/testing/form.ts'
import { newPicture } from '../gateway/images/testing/pictures.ts'
import { eventually } from '../platform/testing/eventually.ts'
import { openApi } from './testing/api.ts'
import { postImage, storedFiles, type PicturedProduct } from './testing/images.ts'
import { openOneProcess } from './testing/shop.ts'
import { spawnMain } from './testing/spawned.ts'

t.setTimeout(300_000)

t.test('whoever dies between the files and the row has added nothing, and its files go', async (t) => {
  const { api, adminToken, env, newProduct, processes, databaseUrl } = await openOneProcess(t, {
    TILLSTREAM_FAILPOINTS: 'image-stored:1',
  })
  const files = async (): Promise<number> => (await storedFiles(env.DATA_DIR ?? '')).length
  const { id } = await newProduct(1)
  const upload = { parts: [filePart(await newPicture({ width: 300, height: 200 }))], key: 'k' }
  await t.rejects(postImage(api, adminToken, id, upload))
  t.equal(await processes.get('stack')?.[0]?.ended, 'SIGKILL')
  t.equal(await files(), 3)

  // As if the reservation were an hour old.
  const client = new pg.Client(databaseUrl)
  await client.connect()
  t.teardown(() => client.end())
  const aged = `update inventory.product_images set created_at = created_at - interval '1 hour' where state = 'reserved'`
  t.equal((await client.query(aged)).rowCount, 1)
  const next = spawnMain(t, 'cmd/stack', { ...env, TILLSTREAM_FAILPOINTS: '' })
  const [, url = ''] = await next.says(/^ready (\S+)/m, 240_000)
  const again = openApi(t, url)
  t.strictSame((await again.request<PicturedProduct>('GET', `/products/${id}`)).body.images, [])
  await eventually('its files are gone', async () => (await files()) === 0, 60_000)
  t.equal((await client.query('select from inventory.product_images')).rowCount, 0)
  const { status, body } = await postImage(again, adminToken, id, upload)
  t.match({ status, count: body.images.length }, { status: 201, count: 1 }, 'the repeated request adds it')
  t.equal(await files(), 3)
})
