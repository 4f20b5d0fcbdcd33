import fc from 'fast-check'
import t from 'tap'
import { answerChecker } from './check-answer.ts'
import { curlOf } from './curl.ts'
import { operationsOf, type Document } from './document.ts'
import { actors, makeRequest, type FuzzRequest, type World } from './make-request.ts'
import { bytesOf, type FuzzAnswer } from './send.ts'

const problem = { content: { 'application/problem+json': { schema: { type: 'object' } } } }
const thing = {
  type: 'object',
  required: ['id'],
  properties: { id: { type: 'string', format: 'uuid' }, count: { type: 'integer', minimum: 1, maximum: 9 } },
}
const document: Document = {
  paths: {
    '/things/{id}': {
      post: {
        operationId: 'makeThing',
        parameters: [
          { name: 'id', in: 'path', schema: { type: 'string', format: 'uuid' } },
          { name: 'limit', in: 'query', schema: { type: 'integer' } },
          { name: 'if-match', in: 'header', schema: { type: 'string' } },
        ],
        requestBody: { content: { 'application/json': { schema: thing } } },
        responses: {
          201: { content: { 'application/json': { schema: thing } } },
          '4XX': problem,
          '5XX': problem,
        },
      },
    },
  },
}
const [operation] = operationsOf(document)
const id = '01920000-0000-7000-8000-00000000000c'
const tokens = { nobody: undefined, customer: 'c', 'other customer': 'o', staff: 's', key: 'k', admin: 'a' }
const world: World = { ids: () => [id], logins: () => ['ada@example.com'], tokens }
const url = new URL('http://127.0.0.1:1')

t.test('the same seed makes the same requests, to the byte, and another seed others', (t) => {
  const run = (seed: number): string =>
    fc
      .sample(makeRequest(operation!, world), { seed, numRuns: 200 })
      .map((made) => bytesOf(url, made).toString('latin1'))
      .join()
  t.equal(run(7), run(7))
  t.not(run(7), run(8))
  t.end()
})

t.test('requests are of all kinds', (t) => {
  const requests = fc.sample(makeRequest(operation!, world), { seed: 1, numRuns: 2_000 })
  const bodies = requests.map(({ body }) => body?.toString() ?? '')
  const isGood = (text: string): boolean => {
    try {
      return (JSON.parse(text) as { id?: unknown }).id === id
    } catch {
      return false
    }
  }
  t.ok(bodies.filter(isGood).length > 400, 'good bodies')
  t.ok(
    bodies.some((text) => text.includes('__proto__')),
    'wicked ones',
  )
  t.ok(
    requests.some(({ target }) => target.includes('%')),
    'odd paths',
  )
  t.ok(
    requests.some(({ headers }) => headers.some(([, value]) => value.length > 16_384)),
    'huge headers',
  )
  t.same(new Set(requests.map(({ actor }) => actor)).size, actors.length)
  t.end()
})

for (const [type, isGood] of [
  ['multipart/form-data', (body: string) => /name="file"[^]*\x89PNG[^]*IEND[^]*--the-boundary--/.test(body)],
  ['text/csv', (body: string) => /^sku[,;\t][^]*\nFUZZ-\d/.test(body)],
] as const) {
  t.test(`bodies of ${type} are good, odd, and of another type`, (t) => {
    const of = { ...operation!, body: { type, schema: {} } }
    const made = fc.sample(makeRequest(of, world), { seed: 1, numRuns: 1_000 })
    const isSaid = made.map(({ headers }) =>
      headers.some(([name, value]) => name === 'content-type' && value.startsWith(type)),
    )
    const good = made.filter(({ body }, index) => isSaid[index] && isGood(body?.toString('latin1') ?? ''))
    t.ok(good.length > 300, `${good.length} good ones`)
    t.ok(made.length - good.length > 150, 'odd ones')
    t.ok(
      made.some(({ body }, index) => body && !isSaid[index]),
      'of another type',
    )
    t.end()
  })
}

t.test('a type of which no body can be made is an error, so that no route is left out', (t) => {
  const of = { ...operation!, body: { type: 'text/xml', schema: {} } }
  t.throws(() => fc.sample(makeRequest(of, world), 1), /text\/xml/)
  t.end()
})

const request: FuzzRequest = {
  operation: operation!,
  actor: 'customer',
  method: 'POST',
  target: `/things/${id}`,
  headers: [['authorization', 'Bearer c']],
  body: Buffer.from('{"a":"\'"}'),
}
const answer = (status: number, body: unknown, headers: Record<string, string> = {}): FuzzAnswer => ({
  status,
  headers: new Map(Object.entries({ 'content-type': 'application/json', ...headers })),
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
})
const problemOf = (status: number, more = {}): FuzzAnswer =>
  answer(
    status,
    { status, code: 'thing.wrong', ...more },
    { 'content-type': 'application/problem+json', 'www-authenticate': 'Bearer' },
  )
const check = answerChecker(document)

t.test('what is as documented passes', (t) => {
  t.equal(check(request, answer(201, { id })), undefined)
  t.equal(check(request, problemOf(409)), undefined)
  t.equal(check(request, problemOf(401)), undefined)
  const busy = { ...problemOf(503), headers: new Map([...problemOf(503).headers, ['retry-after', '1']]) }
  t.equal(check(request, busy), undefined)
  t.end()
})

for (const [what, wrong, said] of [
  ['a server error', problemOf(500), /^500/],
  ['503 that does not say when to come again', problemOf(503), /without Retry-After/],
  ['429 that does not say when to come again', problemOf(429), /without Retry-After/],
  ['a status that nobody has documented', answer(200, { id }), /200 is not documented/],
  [
    'another content type',
    answer(201, { id }, { 'content-type': 'text/html' }),
    /text\/html is not documented/,
  ],
  ['a body that is not as its schema says', answer(201, { id: 7 }), /not as its schema says.*id/],
  ['no JSON', answer(201, '{'), /no JSON/],
  ['an error that is no problem', answer(409, {}), /without problem\+json/],
  ['a problem without a stable code', problemOf(409, { code: 'Oh no!' }), /no stable code/],
  ['a problem that says another status', problemOf(409, { status: 404 }), /says 404/],
  ['a stack trace', problemOf(409, { detail: 'at f (/app/internal/x.ts:3)' }), /innards/],
] as const) {
  t.test(`${what} is a failure`, (t) => {
    t.match(check(request, wrong), said)
    t.end()
  })
}

t.test('a failure can be repeated from a shell', (t) => {
  t.equal(
    curlOf(url, request),
    `curl -i --path-as-is -g -X 'POST' -H 'authorization: Bearer c' --data-binary $'{"a":"\\x27"}' 'http://127.0.0.1:1/things/${id}'`,
  )
  t.end()
})
