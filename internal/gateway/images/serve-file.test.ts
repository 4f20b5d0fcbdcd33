import { buffer } from 'node:stream/consumers'
import t from 'tap'
import { memoryFiles } from '../../platform/files/testing/memory-files.ts'
import { serveFile, type Conditions } from './serve-file.ts'

const files = memoryFiles()
await files.put('a.webp', Buffer.from('0123456789'))
const etag = '"a"'

async function served(conditions: Conditions) {
  const file = await files.find('a.webp')
  const answer = file && (await serveFile(file, etag, conditions))
  const { status, headers = {}, body } = answer ?? {}
  return { status, text: body && (await buffer(body)).toString(), range: headers['content-range'], headers }
}

t.test('a file is shown as a whole, and may be kept for ever', async (t) => {
  t.match(await served({}), {
    ...{ status: 200, text: '0123456789', range: undefined },
    headers: { etag, 'content-length': '10', 'cache-control': 'public, max-age=31536000, immutable' },
  })
})

t.test('whoever has it gets nothing', async (t) => {
  for (const tag of [etag, `W/${etag}`, `"b", ${etag}`, '*'])
    t.match(await served({ 'if-none-match': tag, range: 'bytes=0-1' }), {
      status: 304,
      text: null,
      headers: { etag },
    })
  t.match(await served({ 'if-none-match': '"b"' }), { status: 200 })
})

t.test('a part is shown', async (t) => {
  for (const [range, text, shown] of [
    ['bytes=0-0', '0', '0-0'],
    ['bytes=2-4', '234', '2-4'],
    ['bytes=7-', '789', '7-9'],
    ['bytes=7-99', '789', '7-9'],
    ['bytes=-3', '789', '7-9'],
    ['bytes=-99', '0123456789', '0-9'],
  ] as const)
    t.match(await served({ range }), { status: 206, text, range: `bytes ${shown}/10` }, range)
})

t.test('what lies behind the end is refused, and the refusal is kept by no cache', async (t) => {
  for (const range of ['bytes=10-', 'bytes=99-100', 'bytes=-0']) {
    const answer = await served({ range })
    t.match(answer, { status: 416, text: null, range: 'bytes */10' }, range)
    t.equal(answer.headers['cache-control'], undefined)
  }
})

t.test('any other range is ignored', async (t) => {
  for (const range of ['bytes=0-1,3-4', 'lines=0-1', 'bytes=', 'bytes=-', 'bytes=4-2', 'bytes=a-b'])
    t.match(await served({ range }), { status: 200, text: '0123456789' }, range)
})

t.test('a range that is wanted of another version is ignored', async (t) => {
  t.match(await served({ range: 'bytes=0-1', 'if-range': etag }), { status: 206, text: '01' })
  t.match(await served({ range: 'bytes=0-1', 'if-range': '"b"' }), { status: 200, text: '0123456789' })
})
