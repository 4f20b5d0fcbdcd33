import t, { type Test } from 'tap'
import type { FileStore } from '../../platform/files/file-store.ts'
import { memoryFiles } from '../../platform/files/testing/memory-files.ts'
import { filePart, formOf, formType, type Part } from '../images/testing/form.ts'
import { ids } from '../testing/fake-services.ts'
import { testGateway, tokenOf } from '../testing/test-gateway.ts'

const route = `/products/${ids.product}/images`
const drawn = (text: string) => ({ bytes: Buffer.from(text), width: 1_600, height: 900 })
const drawPresets = async () => ({ page: drawn('the page'), card: drawn('card'), thumb: drawn('t') })

async function open(t: Test, imageFiles: FileStore | undefined) {
  const gateway = await testGateway(t, { imageFiles, drawPresets })
  const authorization = `Bearer ${tokenOf(gateway.app, 'admin')}`
  const upload = (parts: readonly Part[], headers: Readonly<Record<string, string>> = {}) =>
    gateway.app.inject({
      method: 'POST',
      url: route,
      headers: { authorization, 'content-type': formType, ...headers },
      payload: formOf(parts),
    })
  return { ...gateway, upload }
}

const imageFiles = memoryFiles()
const { app, asked, send, upload } = await open(t, imageFiles)
t.beforeEach(() => {
  asked.length = 0
  imageFiles.files.clear()
})

t.test('room is made, the files are stored, and the product shows them', async (t) => {
  const answer = await upload([filePart('a picture'), { name: 'alt', bytes: 'A mug' }])
  t.equal(answer.statusCode, 201)
  t.equal(answer.headers.etag, '"3"')
  t.match(answer.json(), { id: ids.product, images: [{ url: 'https://example.com/mug.png' }] })
  t.strictSame(
    asked.map(({ method }) => method),
    ['getProduct', 'reserveImage', 'addImage'],
  )
  const image = { productId: ids.product, alt: 'A mug', width: 1_600, height: 900, bytes: 13 }
  t.strictSame(asked[1]?.request, image)
  t.strictSame(asked[2]?.request, { productId: ids.product, imageId: ids.image })
  const names = ['card', 'page', 'thumb'].map((preset) => `${ids.image}-${preset}.webp`)
  t.strictSame([...imageFiles.files.keys()].sort(), names)
})

t.test("the client's name and media type of the file have no effect", async (t) => {
  for (const name of [
    '../../etc/passwd',
    '..\\..\\boot.ini',
    '/etc/passwd',
    'a.php',
    'x'.repeat(5_000),
    '\u202egnp.exe',
  ])
    t.equal((await upload([{ ...filePart('a picture', name), type: 'text/html' }])).statusCode, 201, name)
  t.equal(imageFiles.files.size, 3)
})

t.test('only a form with one file is taken', async (t) => {
  const alt: Part = { name: 'alt', bytes: 'A mug' }
  const refused: readonly (readonly [string, readonly Part[], string])[] = [
    ['no file', [alt], 'request.invalid'],
    ['two files', [filePart('one'), filePart('two')], 'request.malformed-form'],
    ['a file that is text', [{ name: 'file', bytes: 'text' }], 'request.malformed-form'],
    [
      'a text that is a file',
      [filePart('one'), { ...filePart('two'), name: 'alt' }],
      'request.malformed-form',
    ],
    ['another field', [filePart('one'), { name: 'other', bytes: 'x' }], 'request.invalid'],
    ['__proto__', [filePart('one'), { name: '__proto__', bytes: 'x' }], 'request.malformed-form'],
    ['a long alt', [filePart('one'), { name: 'alt', bytes: 'a'.repeat(501) }], 'request.invalid'],
    ['many fields', [filePart('one'), ...Array<Part>(9).fill(alt)], 'request.malformed-form'],
  ]
  for (const [what, parts, code] of refused)
    t.match((await upload(parts)).json(), { status: 400, code }, what)
  const headers = { authorization: `Bearer ${tokenOf(app, 'admin')}` }
  const json = await app.inject({ method: 'POST', url: route, headers, payload: { file: 'x' } })
  t.match(json.json(), { status: 415, code: 'request.unsupported-media-type' })
  const cut = formOf([filePart('one')]).subarray(0, 60)
  const half = { ...headers, 'content-type': formType }
  const broken = await app.inject({ method: 'POST', url: route, headers: half, payload: cut })
  t.match(broken.json(), { status: 400, code: 'request.malformed-form' })
  t.strictSame([asked.length, imageFiles.files.size], [0, 0])
})

t.test('a file beyond ten megabytes is refused', async (t) => {
  const most = 10 * 1024 * 1024
  t.equal((await upload([filePart(Buffer.alloc(most))])).statusCode, 201)
  asked.length = 0
  const answer = await upload([filePart(Buffer.alloc(most + 1))])
  t.match(answer.json(), { status: 413, code: 'request.too-large' })
  t.equal(asked.length, 0)
})

t.test('who may not change products is refused before the body is read', async (t) => {
  t.equal((await upload([filePart('x')], { authorization: '' })).statusCode, 401)
  const authorization = `Bearer ${tokenOf(app, 'customer')}`
  t.equal((await upload([filePart('x')], { authorization })).statusCode, 403)
  t.equal(asked.length, 0)
})

t.test('the key of a repeated request stands for its file and its fields', async (t) => {
  const prints = async (parts: readonly Part[]): Promise<string | undefined> => {
    asked.length = 0
    await upload(parts, { 'idempotency-key': 'k' })
    return asked.find(({ method }) => method === 'addImage')?.call.once?.fingerprint
  }
  const first = await prints([filePart('one'), { name: 'alt', bytes: 'a' }])
  t.ok(first)
  t.equal(await prints([{ name: 'alt', bytes: 'a' }, filePart('one', 'other-name.jpg')]), first)
  t.not(await prints([filePart('two'), { name: 'alt', bytes: 'a' }]), first)
  t.not(await prints([filePart('one'), { name: 'alt', bytes: 'b' }]), first)
})

t.test('where no place for files is set, nothing is taken and nothing is found', async (t) => {
  const { upload, send, asked } = await open(t, undefined)
  t.match((await upload([filePart('x')])).json(), { status: 409, code: 'image.no-storage' })
  t.match((await send(`GET /images/${ids.image}/page`)).json(), { status: 404, code: 'image.not-found' })
  t.equal(asked.length, 0)
})

t.test('when the files cannot be stored, the product does not show them', async (t) => {
  const broken = { ...memoryFiles(), put: async () => Promise.reject(new Error('ENOSPC')) }
  const { upload, asked } = await open(t, broken)
  const answer = await upload([filePart('x')])
  t.match(answer.json(), { status: 503, code: 'image.storage-unavailable' })
  t.ok(answer.headers['retry-after'])
  t.notOk(asked.some(({ method }) => method === 'addImage'))
})

t.test('a file is shown by its image and its preset', async (t) => {
  await upload([filePart('x')])
  const path = `/images/${ids.image}/page`
  const answer = await send(`GET ${path}`)
  t.match(answer, { statusCode: 200, body: 'the page' })
  t.match(answer.headers, {
    'content-type': 'image/webp',
    'content-length': '8',
    'cache-control': 'public, max-age=31536000, immutable',
    'accept-ranges': 'bytes',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none';frame-ancestors 'none'",
  })
  const { etag } = answer.headers
  t.match(await send(`GET ${path}`, { headers: { 'if-none-match': String(etag) } }), {
    statusCode: 304,
    body: '',
  })
  const part = await send(`GET ${path}`, { headers: { range: 'bytes=4-' } })
  t.match(part, { statusCode: 206, body: 'page', headers: { 'content-range': 'bytes 4-7/8' } })
  t.match(await send(`HEAD ${path}`), { statusCode: 200, body: '', headers: { 'content-length': '8' } })
  t.match(
    (await send(`GET ${path.toUpperCase().replace('/IMAGES', '/images').replace('PAGE', 'page')}`))
      .statusCode,
    200,
  )
})

t.test('there is nothing else to be found', async (t) => {
  await upload([filePart('x')])
  for (const path of [
    `${ids.image}/original`,
    `${ids.image}/..%2f..%2fetc%2fpasswd`,
    `${ids.product}/page`,
  ]) {
    const answer = await send(`GET /images/${path}`)
    t.match(answer.json(), { status: 404, code: 'image.not-found' }, path)
    t.equal(answer.headers['cache-control'], 'no-store')
  }
  t.equal((await send('GET /images/..%2f..%2fx/page')).statusCode, 400)
})
