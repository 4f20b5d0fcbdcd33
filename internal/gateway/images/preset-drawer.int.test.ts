import sharp from 'sharp'
import t from 'tap'
import { createLog } from '../../platform/log.ts'
import { createScope } from '../../platform/run.ts'
import { presetDrawer } from './preset-drawer.ts'
import { bombPng, newPicture } from './testing/pictures.ts'

const scope = createScope(createLog('test', 'silent'), (err) => t.error(err))
t.teardown(() => scope.close())
const draw = presetDrawer(scope)

for (const kind of ['jpeg', 'png', 'webp', 'avif'] as const) {
  t.test(`a ${kind} becomes three files of WebP`, async (t) => {
    const { page, card, thumb } = await draw(await newPicture({ width: 2_000, height: 1_000, kind }))
    for (const [file, width] of [
      [page, 1_600],
      [card, 480],
      [thumb, 160],
    ] as const) {
      t.match(file, { width, height: width / 2 })
      t.match(await sharp(file.bytes).metadata(), { format: 'webp', width, height: width / 2 })
    }
  })
}

t.test('a small picture is not made larger', async (t) => {
  const { page, thumb } = await draw(await newPicture({ width: 200, height: 100 }))
  t.match(page, { width: 200, height: 100 })
  t.match(thumb, { width: 160, height: 80 })
})

t.test('a picture is turned as its EXIF says, and nothing of the EXIF is left', async (t) => {
  const picture = await sharp(await newPicture({ width: 200, height: 100 }))
    .withExif({ IFD0: { Copyright: 'a secret of the camera' }, IFD3: { GPSLatitudeRef: 'N' } })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer()
  t.ok(picture.includes('a secret of the camera'))
  const files = await draw(picture)
  t.match(files.page, { width: 100, height: 200 })
  for (const { bytes } of Object.values(files)) {
    const { exif, xmp, icc, orientation } = await sharp(bytes).metadata()
    t.strictSame([exif, xmp, icc, orientation], [undefined, undefined, undefined, undefined])
    t.notOk(Buffer.from(bytes).includes('secret'))
  }
})

t.test('of a file that is two things at once only the pixels are left', async (t) => {
  const script = '<html><script>alert(document.domain)</script></html>'
  const picture = await newPicture({ width: 50, height: 50, kind: 'jpeg' })
  // In a comment of the JPEG, and behind its end, as a page, a script and an archive.
  const length = Buffer.from([0xff, 0xfe, 0, script.length + 2])
  const commented = [picture.subarray(0, 2), length, Buffer.from(script), picture.subarray(2)]
  const polyglot = Buffer.concat([...commented, Buffer.from(script), Buffer.from('PK\x03\x04GIF89a')])
  for (const { bytes } of Object.values(await draw(polyglot))) {
    const text = Buffer.from(bytes).toString('latin1')
    for (const hidden of ['script', 'html', 'PK\x03\x04', 'GIF89a']) t.notOk(text.includes(hidden), hidden)
  }
})

t.test('a small file of many pixels is refused before it is decoded', async (t) => {
  const bomb = bombPng(30_000, 30_000)
  t.ok(bomb.length < 1_000_000, `${bomb.length} bytes`)
  const before = process.memoryUsage.rss()
  await t.rejects(draw(bomb), {
    kind: 'invalid',
    code: 'image.too-many-pixels',
    details: { maxPixels: 40_000_000 },
  })
  t.ok(process.memoryUsage.rss() - before < 100_000_000)
})

t.test('what is no picture, or half of one, is refused', async (t) => {
  const picture = await newPicture({ width: 600, height: 400, kind: 'jpeg' })
  const unreadable = { kind: 'invalid', code: 'image.unreadable' }
  await t.rejects(draw(picture.subarray(0, picture.length / 2)), unreadable)
  await t.rejects(draw(Buffer.concat([picture.subarray(0, 20), Buffer.alloc(2_000, 65)])), unreadable)
  const unsupported = { kind: 'invalid', code: 'image.unsupported' }
  await t.rejects(draw(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')), unsupported)
  await t.rejects(draw(await sharp(picture).gif().toBuffer()), unsupported)
  await t.rejects(draw(Buffer.alloc(0)), unsupported)
})

t.test('whatever there is no room for is refused, and the rest is drawn', async (t) => {
  const picture = await newPicture({ width: 300, height: 200 })
  const drawn = await Promise.allSettled(Array.from({ length: 30 }, () => draw(picture)))
  const refused = drawn.filter(({ status }) => status === 'rejected')
  t.ok(refused.length > 0 && refused.length < 30, `${refused.length} of 30 were refused`)
  t.match(refused[0], { reason: { kind: 'unavailable', code: 'overloaded' } })
})
