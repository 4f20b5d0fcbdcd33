import t from 'tap'
import { fetch } from 'undici'
import { newPicture } from '../gateway/images/testing/pictures.ts'
import { openS3 } from '../platform/files/testing/s3-server.ts'
import { eventually } from '../platform/testing/eventually.ts'
import { uploadImage } from './testing/images.ts'
import { openOneProcess } from './testing/shop.ts'

// A whole Tillstream that keeps its images in a bucket. What the store does is in internal/platform/files.

t.setTimeout(300_000)
const s3 = await openS3()
t.teardown(() => s3.close())
const bucket = await s3.newBucket('shop-images')
const { api, adminToken, url, newProduct, auditIsClean } = await openOneProcess(t, {
  ...{ IMAGES_S3_BUCKET: bucket, IMAGES_S3_ENDPOINT: s3.url },
  ...{ IMAGES_S3_ACCESS_KEY_ID: s3.key.accessKeyId, IMAGES_S3_SECRET_ACCESS_KEY: s3.key.secretAccessKey },
})

t.test('an image is kept in the bucket, shown from there, and removed with its product', async (t) => {
  const { id } = await newProduct(1)
  const { images } = await uploadImage(api, adminToken, id, await newPicture({ width: 800, height: 600 }))
  const [image] = images
  t.equal((await s3.keysIn(bucket)).length, 3)
  const whole = await fetch(`${url}${image?.presets?.card}`)
  const bytes = Buffer.from(await whole.arrayBuffer())
  t.match([whole.status, whole.headers.get('content-type')], [200, 'image/webp'])
  const part = await fetch(`${url}${image?.presets?.card}`, { headers: { range: 'bytes=10-19' } })
  t.equal(part.status, 206)
  t.strictSame(Buffer.from(await part.arrayBuffer()), bytes.subarray(10, 20))
  await auditIsClean()
  t.equal((await api.request('DELETE', `/products/${id}`, { token: adminToken })).status, 204)
  await eventually('the files are gone', async () => (await s3.keysIn(bucket)).length === 0)
  t.equal((await fetch(`${url}${image?.presets?.card}`)).status, 404)
  await auditIsClean()
})
