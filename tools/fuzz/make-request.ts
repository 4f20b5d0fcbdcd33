import type { Operation, Parameter } from './document.ts'
import { makeBody } from './make-body.ts'
import { validValue, type Known } from './make-value.ts'
import type { FuzzRandom } from './random.ts'

export const actors = ['nobody', 'customer', 'other customer', 'admin'] as const
export type Actor = (typeof actors)[number]

export type World = Known & { readonly tokens: Readonly<Record<Actor, string | undefined>> }

/** A request with its exact bytes. */
export type FuzzRequest = {
  readonly operation: Operation
  readonly actor: Actor
  readonly method: string
  readonly target: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Buffer | undefined
}

export function makeRequest(random: FuzzRandom, operation: Operation, world: World): FuzzRequest {
  const actor = random.pick(actors)
  const made = operation.body ? makeBody(random, operation.body, world) : oddBody(random)
  const target = `${pathOf(random, operation, world)}${queryOf(random, operation, world)}`
  const headers: [string, string][] = [
    ...authorization(random, world.tokens[actor]),
    ...operation.parameters
      .filter((one) => one.in === 'header')
      .flatMap((one) => declaredHeader(random, one)),
    ...oddHeaders(random),
    ...(made?.headers ?? []),
  ]
  const method = random.chance(0.02)
    ? random.pick(['HEAD', 'PUT', 'OPTIONS', 'TRACE', 'PATCH', 'DELETE', 'QUERY', 'get', 'MKCOL'])
    : operation.method
  return { operation, actor, method, target, headers, body: made?.bytes }
}

const oddSegments = [
  ...['42', '%00', '%', '%zz', '%2e%2e', '..', 'null', '%F0%9F%99%82', '%ED%A0%80', "'", '%2F', '*', '-1'],
  ...['x'.repeat(101), 'x'.repeat(3_000), '00000000-0000-0000-0000-000000000000'],
]

function pathOf(random: FuzzRandom, { path }: Operation, world: World): string {
  return path.replace(/\{(\w+)\}/g, () => {
    const about = path.split('/')[1] ?? ''
    const id = String(validValue(random, { type: 'string', format: 'uuid' }, about, world))
    if (random.chance(0.75)) return id
    return random.chance(0.2) ? id.toUpperCase() : random.pick(oddSegments)
  })
}

const oddQueries = [
  '?',
  '?%',
  '?a=%zz',
  '?&&&',
  '?limit',
  '?limit=1&limit=2',
  '?__proto__[x]=1',
  '?q=%00',
  '?a=b#c',
]

function queryOf(random: FuzzRandom, { parameters }: Operation, world: World): string {
  if (random.chance(0.05)) return random.pick(oddQueries)
  const parts = parameters
    .filter((one) => one.in === 'query' && random.chance(0.4))
    .map((one) => {
      const value = random.chance(0.75)
        ? validValue(random, one.schema, one.name, world)
        : random.pick([
            '',
            '-1',
            '0',
            '1e3',
            '101',
            'true',
            'x'.repeat(2_001),
            '\0',
            '🙂',
            '9'.repeat(30),
            '1,2',
          ])
      return `${one.name}=${encodeURIComponent(String(value))}`
    })
  if (random.chance(0.04)) parts.push(`${random.text(4)}=${random.text(4)}`)
  return parts.length > 0 ? `?${parts.join('&')}` : ''
}

function authorization(random: FuzzRandom, token: string | undefined): [string, string][] {
  if (token === undefined) return []
  if (random.chance(0.95)) return [['authorization', `Bearer ${token}`]]
  const odd = [
    '',
    'Bearer',
    'Bearer ',
    'Basic YTpi',
    `bearer ${token}x`,
    `Bearer ${token.slice(0, -5)}`,
    token,
  ]
  return [['authorization', random.pick(odd)]]
}

const known: Readonly<Record<string, readonly string[]>> = {
  'idempotency-key': [
    'a',
    'b',
    'key-1',
    'x'.repeat(255),
    'x'.repeat(256),
    'a b',
    '',
    '\x7f',
    'é',
    '"quoted"',
  ],
  'if-match': ['"1"', '"2"', '*', 'W/"1"', '1', '"', '"1", "2"', '"999999999999"', '', '"x"'],
  prefer: [
    'wait=0',
    'wait=1',
    'wait="1"',
    'wait=-1',
    'wait=x',
    'respond-async, wait=1',
    'return=minimal',
    '',
  ],
}

function declaredHeader(random: FuzzRandom, { name }: Parameter): [string, string][] {
  if (random.chance(0.5)) return []
  return [[name, random.pick(known[name.toLowerCase()] ?? ['x', ''])]]
}

const extra: readonly (readonly [string, string])[] = [
  ['x-request-id', 'my.request_1'],
  ['x-request-id', 'x'.repeat(65)],
  ['x-request-id', '<script>'],
  ['traceparent', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'],
  ['traceparent', '00-zz'],
  ['origin', 'https://evil.example'],
  ['accept', 'text/html'],
  ['accept-encoding', 'gzip, br'],
  ['x-forwarded-for', '1.2.3.4, evil'],
  ['cookie', 'a=b; '.repeat(100)],
  ['x-long', 'x'.repeat(8_000)],
  ['x-too-long', 'x'.repeat(20_000)],
  ['range', 'bytes=0-'],
  ['if-none-match', '*'],
  ['x-bytes', '\x80\xff'],
  ['x-control', 'a\x01b'],
  ['bad name', 'x'],
  ['host', 'another.example'],
]

function oddHeaders(random: FuzzRandom): [string, string][] {
  const chosen: [string, string][] = []
  while (random.chance(0.25)) chosen.push([...random.pick(extra)])
  return chosen
}

/** A body where none is expected. */
function oddBody(random: FuzzRandom): { headers: [string, string][]; bytes: Buffer } | undefined {
  if (random.chance(0.95)) return undefined
  return { headers: [['content-type', 'application/json']], bytes: Buffer.from('{"unexpected":true}') }
}
