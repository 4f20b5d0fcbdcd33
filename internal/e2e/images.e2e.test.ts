import { request as httpRequest } from 'node:http'
import { Readable } from 'node:stream'
import sharp from 'sharp'
import t from 'tap'
import { fetch } from 'undici'
import { filePart, formOf, formType } from '../gateway/images/testing/form.ts'
import { newPicture } from '../gateway/images/testing/pictures.ts'
import { eventually } from '../platform/testing/eventually.ts'
import { postImage, storedFiles, uploadImage, type PicturedProduct } from './testing/images.ts'
import { openOneProcess } from './testing/shop.ts'

t.setTimeout(300_000)
const shop = await openOneProcess(t)
const { api, adminToken, url, env, newProduct } = shop
const picture = await newPicture({ width: 800, height: 600, kind: 'jpeg' })

const files = () => storedFiles(env.DATA_DIR ?? '')
const filesOf = async (imageId = ''): Promise<number> =>
  (await files()).filter((name) => name.startsWith(imageId)).length
const read = async (id: string): Promise<PicturedProduct> =>
  (await api.request<PicturedProduct>('GET', `/products/${id}`)).body

t.test('an image is uploaded, shown by its product and read', async (t) => {
  const { id } = await newProduct(1)
  const parts = [filePart(picture, '../../../lamp.jpg'), { name: 'alt', bytes: 'A lamp' }]
  const { status, body } = await postImage(api, adminToken, id, { parts })
  t.equal(status, 201)
  const [image] = body.images
  t.match(image, { alt: 'A lamp', width: 800, height: 600, url: image?.presets?.page })
  t.strictSame((await read(id)).images, body.images, 'whoever has uploaded it sees it at once')
  const sides = { thumb: 160, card: 480, page: 800 }
  for (const [preset, width] of Object.entries(sides)) {
    const answer = await fetch(`${url}/images/${image?.id}/${preset}`)
    t.equal(answer.headers.get('content-type'), 'image/webp')
    t.match(await sharp(await answer.arrayBuffer()).metadata(), { format: 'webp', width }, preset)
  }
  await api.request('POST', '/cart/items', { token: adminToken, body: { productId: id, quantity: 1 } })
  type Cart = { readonly items: readonly { readonly image?: string }[] }
  const cart = await api.request<Cart>('GET', '/cart', { token: adminToken })
  t.equal(cart.body.items[0]?.image, image?.presets?.card)
})

t.test('a repeated request adds one image, and another file under its key is refused', async (t) => {
  const { id } = await newProduct(1)
  const upload = (bytes: Buffer) =>
    postImage(api, adminToken, id, { parts: [filePart(bytes)], key: 'image-1' })
  const answers = await Promise.all([upload(picture), upload(picture), upload(picture)])
  t.strictSame(
    answers.map(({ status }) => status),
    [201, 201, 201],
  )
  t.equal(answers.filter(({ headers }) => headers['idempotent-replayed'] === 'true').length, 2)
  t.equal((await read(id)).images.length, 1)
  const other = await newPicture({ width: 10, height: 10 })
  t.match(await upload(other), { status: 422, body: { code: 'request.idempotency-key-reused' } })
})

t.test('of a deleted image, and of all images of a deleted product, no file is left', async (t) => {
  const { id } = await newProduct(1)
  for (let count = 0; count < 2; count++) await uploadImage(api, adminToken, id, picture)
  const [one, other] = (await read(id)).images
  t.equal(await filesOf(one?.id), 3)
  const remove = () => api.request('DELETE', `/products/${id}/images/${one?.id}`, { token: adminToken })
  t.equal((await remove()).status, 204)
  t.match(await remove(), { status: 404, body: { code: 'image.not-found' } })
  t.strictSame((await read(id)).images, [other])
  await eventually('its files are gone', async () => (await filesOf(one?.id)) === 0)
  await api.request('DELETE', `/products/${id}`, { token: adminToken })
  await eventually('all files are gone', async () => (await filesOf(other?.id)) === 0)
  t.equal((await api.request('GET', `/images/${other?.id}/page`)).status, 404)
})

t.test('uploads that race with the deletion of their product leave nothing', async (t) => {
  const { id } = await newProduct(1)
  const uploads = [1, 2, 3].map(async () => postImage(api, adminToken, id, { parts: [filePart(picture)] }))
  await eventually('one is under way', async () => (await read(id)).images.length > 0)
  t.equal((await api.request('DELETE', `/products/${id}`, { token: adminToken })).status, 204)
  for (const { status } of await Promise.all(uploads)) t.ok([201, 404].includes(status), String(status))
})

t.test('an upload of a hundred megabytes is refused, with and without a length', async (t) => {
  const { id } = await newProduct(1)
  const before = await files()
  const chunk = Buffer.alloc(1_000_000)
  const empty = formOf([filePart('')])
  const head = empty.subarray(0, empty.indexOf('\r\n\r\n') + 4)
  const body = () => Readable.from([head, ...Array<Buffer>(100).fill(chunk)])
  for (const length of [undefined, String(head.length + 100 * chunk.length)]) {
    const headers = { authorization: `Bearer ${adminToken}`, 'content-type': formType }
    const sent = fetch(`${url}/products/${id}/images`, {
      ...{ method: 'POST', duplex: 'half', body: body() },
      headers: { ...headers, ...(length === undefined ? {} : { 'content-length': length }) },
    }).then(
      ({ status }) => status,
      () => 'the connection was closed',
    )
    t.ok([413, 'the connection was closed'].includes(await sent), String(await sent))
  }
  t.strictSame(await files(), before)
})

t.test('an upload that is broken off leaves nothing, and its place is free again', async (t) => {
  const { id } = await newProduct(1)
  const before = await files()
  const form = formOf([filePart(picture)])
  const breakOff = (): Promise<void> =>
    new Promise((resolve) => {
      const headers = { authorization: `Bearer ${adminToken}`, 'content-type': formType }
      const sent = httpRequest(`${url}/products/${id}/images`, {
        ...{ method: 'POST', headers: { ...headers, 'content-length': form.length } },
      })
      sent.on('error', () => resolve())
      sent.write(form.subarray(0, form.length / 2), () => setImmediate(() => sent.destroy()))
    })
  for (let count = 0; count < 3; count++) await Promise.all([1, 2, 3, 4].map(breakOff))
  t.strictSame(await files(), before)
  await eventually('the next one is taken', async () => {
    const { status } = await postImage(api, adminToken, id, { parts: [filePart(picture)] })
    return status === 201
  })
})

t.test('the audit is clean', () => shop.auditIsClean())
