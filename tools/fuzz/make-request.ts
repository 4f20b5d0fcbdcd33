import fc, { type Arbitrary } from 'fast-check'
import type { Operation, Parameter } from './document.ts'
import type { MadeBody } from './made-body.ts'
import { makeBody } from './make-body.ts'
import { textOf } from './make-text.ts'
import { validValue, type Known } from './make-value.ts'

export const actors = ['nobody', 'customer', 'other customer', 'staff', 'key', 'admin'] as const
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

type Header = readonly [name: string, value: string]

export function makeRequest(operation: Operation, world: World): Arbitrary<FuzzRequest> {
  return fc.constantFrom(...actors).chain((actor) =>
    fc
      .record({
        method: often(49, fc.constant(operation.method), otherMethod),
        path: pathOf(operation, world),
        query: queryOf(operation, world),
        headers: headersOf(operation, world.tokens[actor]),
        made: operation.body ? makeBody(operation.body, world) : oddBody,
      })
      .map(({ method, path, query, headers, made }) => {
        return {
          operation,
          actor,
          method,
          target: path + query,
          headers: [...headers, ...(made?.headers ?? [])],
          body: made?.bytes,
        }
      }),
  )
}

/** So many of the first for each one of the second. */
const often = <Value>(times: number, usual: Arbitrary<Value>, odd: Arbitrary<Value>): Arbitrary<Value> =>
  fc.oneof({ weight: times, arbitrary: usual }, { weight: 1, arbitrary: odd })

const otherMethod = fc.constantFrom(
  'HEAD',
  'PUT',
  'OPTIONS',
  'TRACE',
  'PATCH',
  'DELETE',
  'QUERY',
  'get',
  'MKCOL',
)

const oddSegments = [
  ...['42', '%00', '%', '%zz', '%2e%2e', '..', 'null', '%F0%9F%99%82', '%ED%A0%80', "'", '%2F', '*', '-1'],
  ...['x'.repeat(101), 'x'.repeat(3_000), '00000000-0000-0000-0000-000000000000'],
]

/** No part is empty: a slash at the end leads to the list. */
function pathOf({ path }: Operation, world: World): Arbitrary<string> {
  const about = path.split('/')[1] ?? ''
  const id = validValue({ type: 'string', format: 'uuid' }, about, world).map(String)
  const odd = fc.oneof(
    id.map((text) => text.toUpperCase()),
    fc.constantFrom(...oddSegments),
    encoded(textOf(1, 40)),
  )
  const parts = path.split(/\{\w+\}/)
  const filled = fc.tuple(...parts.slice(1).map(() => often(6, id, odd)))
  return filled.map((segments) => parts.map((part, index) => part + (segments[index] ?? '')).join(''))
}

/** Percent-encoded. A lone surrogate has no encoding; Buffer puts U+FFFD in its place. */
const encoded = (text: Arbitrary<string>): Arbitrary<string> =>
  text.map((each) => encodeURIComponent(Buffer.from(each).toString()))

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
  '?cursor=made-up',
]

function queryOf({ parameters }: Operation, world: World): Arbitrary<string> {
  const odd = fc.oneof(
    fc.constantFrom('', '-1', '0', '1e3', '101', 'true', 'x'.repeat(2_001), '\0', '9'.repeat(30), '1,2'),
    textOf(0, 300),
  )
  const model = Object.fromEntries(
    parameters
      .filter((one) => one.in === 'query' && one.name !== 'cursor') // a cursor that was made up is always refused
      .map((one) => [one.name, encoded(often(15, validValue(one.schema, one.name, world).map(String), odd))]),
  )
  const given = fc.record(model, { requiredKeys: [], noNullPrototype: true }).map((values) => {
    const parts = Object.entries(values).map(([name, value]) => `${name}=${value}`)
    return parts.length > 0 ? `?${parts.join('&')}` : ''
  })
  return often(19, given, fc.constantFrom(...oddQueries))
}

function headersOf({ parameters }: Operation, token: string | undefined): Arbitrary<readonly Header[]> {
  const declared = parameters.filter((one) => one.in === 'header').map(declaredHeader)
  return fc
    .tuple(authorization(token), fc.tuple(...declared), fc.array(fc.constantFrom(...extra), { maxLength: 2 }))
    .map(([auth, own, more]) => [...auth, ...own.flat(), ...more])
}

function authorization(token: string | undefined): Arbitrary<readonly Header[]> {
  if (token === undefined) return fc.constant([])
  const odd = [
    '',
    'Bearer',
    'Bearer ',
    'Basic YTpi',
    `bearer ${token}x`,
    `Bearer ${token.slice(0, -5)}`,
    token,
  ]
  const value = often(19, fc.constant(`Bearer ${token}`), fc.constantFrom(...odd))
  return value.map((text) => [['authorization', text]])
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

function declaredHeader({ name }: Parameter): Arbitrary<readonly Header[]> {
  const value = fc.constantFrom(...(known[name.toLowerCase()] ?? ['x', '']))
  return fc.option(value, { nil: undefined }).map((given) => (given === undefined ? [] : [[name, given]]))
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

/** A body where none is expected. */
const oddBody: Arbitrary<MadeBody | undefined> = often(
  19,
  fc.constant(undefined),
  fc.constant({
    headers: [['content-type', 'application/json']],
    bytes: Buffer.from('{"unexpected":true}'),
  }),
)
