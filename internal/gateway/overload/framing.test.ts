import t from 'tap'
import { frame, type Frame, type Framed } from './framing.ts'
import { trafficOf } from './traffic.ts'

const traffic = trafficOf([
  { method: 'POST', path: '/orders', admission: 'orders' },
  { method: 'PATCH', path: '/orders/:id', admission: 'orders' },
  { method: 'POST', path: '/users/login', admission: 'credentials' },
])

const head = (...lines: readonly string[]): string => `${lines.join('\r\n')}\r\n\r\n`
const post = (length: string, ...more: readonly string[]): string =>
  head('POST /orders HTTP/1.1', 'host: x', `content-length: ${length}`, ...more)

const framesOf = (text: string) => {
  const bytes = Buffer.from(text, 'latin1')
  const frames: Frame[] = []
  let before: Framed | undefined
  for (;;) {
    const next = frame(bytes, before?.end ?? 0, traffic, before)
    frames.push(next)
    if (typeof next === 'string') return frames
    before = next
  }
}

t.test('whole requests are found one after the other', (t) => {
  const [first, second] = [`${post('3')}abc`, head('GET /products?q=a HTTP/1.1', 'Host: x')]
  t.match(framesOf(`${first}${second}`), [
    { traffic: 'orders', end: first.length },
    { traffic: 'others', end: first.length + second.length },
    'partial',
  ])
  t.end()
})

t.test('the same head again, with another body', (t) => {
  const one = `${post('3')}abc`
  const ends = (text: string) =>
    framesOf(text).map((found) => (typeof found === 'string' ? found : found.end))
  const length = one.length
  t.same(ends(`${one}${post('3')}xyz${one}`), [length, 2 * length, 3 * length, 'partial'])
  t.same(ends(`${one}${post('3')}xy`), [length, 'partial'])
  t.same(ends(`${one}${post('3').slice(0, -1)}`), [length, 'partial'])
  t.same(ends(`${one}${post('4')}wxyz`), [length, 2 * length + 1, 'partial'])
  t.same(ends(`${one}${post('3', 'Transfer-Encoding: chunked')}abc`), [length, 'unusual'])
  t.end()
})

t.test('what has not come yet is waited for', (t) => {
  for (const text of ['', 'POST /orders HT', post('3'), `${post('3')}ab`])
    t.equal(frame(Buffer.from(text, 'latin1'), 0, traffic), 'partial', JSON.stringify(text))
  t.end()
})

// Where two parsers could disagree about where a request ends, Node's parser decides.
const unusual: readonly (readonly [what: string, text: string])[] = [
  ['chunks', head('POST / HTTP/1.1', 'Transfer-Encoding: chunked')],
  ['two lengths', post('3', 'Content-Length: 4')],
  ['two equal lengths', post('3', 'content-length: 3')],
  ['a length that is none', post('+3')],
  ['a negative length', post('-3')],
  ['no length at all', post('')],
  ['a list of lengths', post('3, 3')],
  ['a very large body', post('65537')],
  ['an upgrade', head('GET / HTTP/1.1', 'connection: upgrade', 'upgrade: websocket')],
  ['a connection that is to end', head('GET / HTTP/1.1', 'Connection: close')],
  ['somebody who waits for permission', post('3', 'Expect: 100-continue')],
  ['a method in small letters', head('post /orders HTTP/1.1', 'host: x')],
  ['HTTP/1.0', head('GET / HTTP/1.0', 'host: x')],
  ['a folded header', head('GET / HTTP/1.1', 'host: x', ' y: z')],
  ['a space before the colon', head('GET / HTTP/1.1', 'content-length : 3')],
  ['a bare line feed', head('GET / HTTP/1.1', 'a: b\ncontent-length: 5')],
  ['a NUL', head('GET / HTTP/1.1', 'a: \0')],
  ['no path', head('GET http://x/ HTTP/1.1', 'host: x')],
  ['a method with no body in its answer', head('HEAD / HTTP/1.1', 'host: x')],
  ['no HTTP', head('hello', 'world: x')],
  ['a head without end', 'GET / HTTP/1.1\r\n'.padEnd(20_000, 'x')],
  ['a very large head', head('GET / HTTP/1.1', `x: ${'x'.repeat(17_000)}`)],
]

for (const [what, text] of unusual) {
  t.test(`${what} is for a real parser`, (t) => {
    t.equal(frame(Buffer.from(text, 'latin1'), 0, traffic), 'unusual')
    t.end()
  })
}

const usual: readonly (readonly [what: string, text: string])[] = [
  ['keep-alive', head('GET / HTTP/1.1', 'connection: keep-alive', 'x: y')],
  [
    'a length in any case, with spaces and headers around it',
    `${post(' 1\t', 'X:')}a`.replace('content-l', 'Content-L'),
  ],
  ['a header that only begins like a decisive one', head('GET / HTTP/1.1', 'Upgrade-Insecure-Requests: 1')],
]

for (const [what, text] of usual) {
  t.test(`${what} is nothing unusual`, (t) => {
    t.match(frame(Buffer.from(text, 'latin1'), 0, traffic), { end: text.length })
    t.end()
  })
}

t.test('a head that is made to be looked at for long is not', (t) => {
  const many = Array<string>(4_000).fill('a:')
  for (const last of ['Expect: x', 'a: \0']) {
    const bytes = Buffer.from(head('GET / HTTP/1.1', ...many, last))
    const startedAt = performance.now()
    for (let count = 0; count < 20; count++) t.equal(frame(bytes, 0, traffic), 'unusual')
    const took = performance.now() - startedAt
    t.ok(took < 400, `${took} ms; 800 where a header could match in two places`)
  }
  t.end()
})
