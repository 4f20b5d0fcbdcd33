import { createServer as createHttpServer } from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import t from 'tap'
import { openImageStore } from './open-image-store.ts'
import { s3Files, type S3Options } from './s3-files.ts'
import { fileStoreContract } from './testing/file-store-contract.ts'
import { openS3 } from './testing/s3-server.ts'

const server = await openS3()
t.teardown(() => server.close())
let buckets = 0
const options = async (): Promise<S3Options> => ({
  ...{ bucket: await server.newBucket(`images-${++buckets}`), endpoint: server.url, region: 'us-east-1' },
  ...server.key,
})

fileStoreContract(t, async () => s3Files(await options()))

const listed = async (store: ReturnType<typeof s3Files>): Promise<readonly string[]> => {
  const names: string[] = []
  for await (const { name } of store.list()) names.push(name)
  return names.sort()
}

t.test('more files than one answer lists are all listed', async (t) => {
  const at = '<LastModified>2026-11-20T08:00:00.000Z</LastModified>'
  const page = (name: string, next: string) =>
    `<?xml version="1.0"?><ListBucketResult><Name>b</Name><IsTruncated>${next !== ''}</IsTruncated>
     ${next && `<NextContinuationToken>${next}</NextContinuationToken>`}
     <Contents><Key>images/${name}</Key>${at}</Contents></ListBucketResult>`
  const asked: string[] = []
  const pages = createHttpServer(({ url = '' }, answer) => {
    const after = new URL(url, 'http://s3').searchParams.get('continuation-token') ?? ''
    asked.push(after)
    const next = { '': 'two', two: 'three', three: '' }[after] ?? ''
    answer.setHeader('content-type', 'application/xml').end(page(`${after || 'one'}.webp`, next))
  })
  await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve))
  t.teardown(() => pages.close())
  const { port } = pages.address() as AddressInfo
  const store = s3Files({ ...(await options()), endpoint: `http://127.0.0.1:${port}` })
  t.strictSame(await listed(store), ['one.webp', 'three.webp', 'two.webp'])
  t.strictSame(asked, ['', 'two', 'three'])
})

t.test('what else is in the bucket is neither listed nor found', async (t) => {
  const own = await options()
  for (const name of ['invoice.pdf', 'letters1.pdf']) await server.put(own.bucket, name, 'of somebody else')
  await server.put(own.bucket, 'images/Not Ours', 'of somebody else')
  const store = s3Files(own)
  await store.put('a.webp', Buffer.from('a'))
  t.strictSame(await listed(store), ['a.webp'])
  t.equal(await store.find('invoice.pdf'), undefined)
})

t.test('a server that is away is an outage', async (t) => {
  const store = s3Files({ ...(await options()), endpoint: `http://127.0.0.1:${await freePort()}` })
  const away = { kind: 'unavailable', code: 'image.storage-unavailable' }
  await t.rejects(store.put('a.webp', Buffer.from('a')), away)
  await t.rejects(store.find('a.webp'), away)
  await t.rejects(listed(store), away)
})

t.test('a wrong key or bucket is a fault that says what it is', async (t) => {
  const good = await options()
  const wrongKey = s3Files({ ...good, accessKeyId: 'WRONG' })
  await t.rejects(wrongKey.put('a.webp', Buffer.from('a')), { name: 'InvalidAccessKeyId' })
  const wrongBucket = s3Files({ ...good, bucket: 'nobodys' })
  await t.rejects(wrongBucket.put('a.webp', Buffer.from('a')), { name: 'NoSuchBucket' })
  t.strictSame(await listed(s3Files(good)), [])
})

t.test('a bucket comes before a folder', async (t) => {
  const { bucket, endpoint, accessKeyId, secretAccessKey } = await options()
  const store = await openImageStore({
    ...{ imagesDir: t.testdir(), imagesS3Bucket: bucket, imagesS3Endpoint: endpoint },
    ...{ imagesS3AccessKeyId: accessKeyId, imagesS3SecretAccessKey: secretAccessKey },
  })
  await store?.put('a.webp', Buffer.from('a'))
  t.strictSame(await server.keysIn(bucket), ['images/a.webp'])
  t.equal(await openImageStore({ imagesDir: '' }), undefined)
})

async function freePort(): Promise<number> {
  const taken = createServer()
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
  const { port } = taken.address() as AddressInfo
  await new Promise((resolve) => taken.close(resolve))
  return port
}
