import fc, { type Arbitrary } from 'fast-check'
import { answerChecker } from './check-answer.ts'
import { curlOf } from './curl.ts'
import { operationsOf, type Operation } from './document.ts'
import { makeRequest, type FuzzRequest, type World } from './make-request.ts'
import { send, type FuzzAnswer } from './send.ts'
import type { Login } from './people.ts'
import { openWorld, readDocument } from './world.ts'
import { openShopClient, type ShopClient } from '../shared/shop-client.ts'
import { until } from '../shared/wait.ts'

export type FuzzOptions = {
  readonly url: string
  readonly requests: number
  readonly seed: number
  /** Ids of operations. Undefined for all of the document. */
  readonly only: readonly string[] | undefined
  readonly admin: Login
  readonly onProgress?: (done: number, failures: number) => void
}

export type FuzzFailure = {
  /** The number of the block within the seed. */
  readonly block: number
  /** How often the request was made smaller and still failed. */
  readonly shrinks: number
  readonly operation: string
  readonly actor: string
  readonly what: string
  readonly curl: string
}

export type FuzzReport = {
  readonly seed: number
  readonly requests: number
  /** How often each operation got each status. */
  readonly statuses: Readonly<Record<string, Readonly<Record<string, number>>>>
  readonly failures: readonly FuzzFailure[]
  /** What was wrong with the shop afterwards, in words. */
  readonly aftermath: readonly string[]
}

/** The requests of one seed of fast-check. A failure ends a block, so that the others are still made. */
const blockLength = 25
/** After so many blocks new products and orders replace those that were deleted or canceled. */
const blocksInRound = 20
const concurrency = 8
/** More failures of the same kind would tell nothing new. */
const keptOfAKind = 2
/** The audit at the end reads everything, which may take long. */
const answerTimeoutMs = 120_000
const decidedWithinMs = 30_000
/** The audit is requested less often than other routes, because it reads everything that is stored. */
const auditWeight = { of: '/admin/audit', weight: 1, others: 5 } as const
/** A failing request is made smaller for so long. */
const longestBlockMs = 60_000

export async function fuzz(options: FuzzOptions): Promise<FuzzReport> {
  const shop = openShopClient(options.url, { connections: concurrency, answerTimeoutMs })
  try {
    return await fuzzShop(shop, options)
  } finally {
    await shop.close()
  }
}

async function fuzzShop(shop: ShopClient, options: FuzzOptions): Promise<FuzzReport> {
  const { url, requests, seed, only, admin, onProgress } = options
  const document = await readDocument(shop)
  const operations = chosen(operationsOf(document), only)
  const { world, stock, restore, adminToken } = await openWorld(shop, admin)
  const check = answerChecker(document)
  const failures: FuzzFailure[] = []
  const kinds = new Map<string, number>()
  const statuses: Record<string, Record<string, number>> = {}
  const target = new URL(url)
  let asked = 0

  async function askOnce(request: FuzzRequest): Promise<string | undefined> {
    const { operation } = request
    const [status, what] = await ask(target, request, check)
    const counts = (statuses[`${operation.method} ${operation.path}`] ??= {})
    counts[status] = (counts[status] ?? 0) + 1
    asked++
    if (changesAccess(operation)) await restore()
    return what
  }

  /** fast-check makes a request that fails smaller while it still does. */
  async function block(number: number): Promise<void> {
    const property = fc.asyncProperty(anyRequest(operations, world), async (request) => {
      const what = await askOnce(request)
      if (what !== undefined) throw new Error(what)
    })
    const run = { seed: seedOf(seed, number), numRuns: blockLength, interruptAfterTimeLimit: longestBlockMs }
    const { counterexample, errorInstance, numShrinks } = await fc.check(property, run)
    const request = counterexample?.[0]
    if (!request) return
    const what = (errorInstance as Error).message // thrown by the property
    const { operation, actor } = request
    const kind = `${operation.id} ${what.slice(0, 60)}`
    const alike = (kinds.get(kind) ?? 0) + 1
    kinds.set(kind, alike)
    const found = { operation: operation.id, actor, what, curl: curlOf(target, request) }
    if (alike <= keptOfAKind) failures.push({ block: number, shrinks: numShrinks, ...found })
  }

  let next = 0
  while (asked < requests) {
    const end = next + blocksInRound
    const walk = async (): Promise<void> => {
      while (next < end && asked < requests) await block(next++)
    }
    await Promise.all(Array.from({ length: concurrency }, walk))
    onProgress?.(asked, failures.length)
    if (asked < requests) await stock()
  }
  return { seed, requests: asked, statuses, failures, aftermath: await aftermathOf(shop, adminToken()) }
}

function chosen(operations: readonly Operation[], only: readonly string[] | undefined): readonly Operation[] {
  const unknown = only?.filter((id) => !operations.some((operation) => operation.id === id)) ?? []
  if (unknown.length > 0) throw new Error(`the document has no operation ${unknown.join(', ')}`)
  return only ? operations.filter(({ id }) => only.includes(id)) : operations
}

/** They end sessions or accounts, or change what somebody may do. */
const changesAccess = ({ method, path }: Operation): boolean =>
  path.startsWith('/auth/logout') ||
  (method === 'DELETE' && /^\/users\/me($|\/sessions)/.test(path)) ||
  (method === 'POST' && path === '/users/me/password') ||
  (method !== 'GET' && path.startsWith('/admin/users'))

/** Made anew for each block, because the things that requests can find change. */
const anyRequest = (operations: readonly Operation[], world: World): Arbitrary<FuzzRequest> =>
  fc.oneof(
    ...operations.map((operation) => ({
      weight: operation.path === auditWeight.of ? auditWeight.weight : auditWeight.others,
      arbitrary: makeRequest(operation, world),
    })),
  )

const seedOf = (seed: number, block: number): number =>
  (Math.imul(seed, 0x85ebca6b) ^ Math.imul(block + 1, 0xc2b2ae35)) | 0

async function ask(
  url: URL,
  request: FuzzRequest,
  check: ReturnType<typeof answerChecker>,
): Promise<readonly [status: string, what: string | undefined]> {
  let answer: FuzzAnswer
  try {
    answer = await send(url, request)
  } catch (err) {
    return ['none', (err as Error).message] // `send` rejects only with errors
  }
  return [String(answer.status), check(request, answer)]
}

/** Checks that the shop is ready, all orders are decided, and every invariant holds. */
async function aftermathOf(shop: ShopClient, token: string): Promise<readonly string[]> {
  const wrong: string[] = []
  const ready = await shop.send({ method: 'GET', path: '/readyz' })
  if (ready.status !== 200) wrong.push(`not ready: ${JSON.stringify(ready.body)}`)
  const isDecided = async (): Promise<boolean> => {
    const { body } = await shop.send({ method: 'GET', path: '/orders?status=pending&limit=1', token })
    return (body as { readonly data: readonly unknown[] }).data.length === 0
  }
  if (!(await until(isDecided, { withinMs: decidedWithinMs, everyMs: 100 })))
    return [...wrong, 'orders stay pending']
  const { status, body } = await shop.send({ method: 'GET', path: '/admin/audit', token })
  if (status !== 200 || !(body as { readonly ok: boolean }).ok) wrong.push(`audit: ${JSON.stringify(body)}`)
  const letters = await shop.send({ method: 'GET', path: '/admin/dead-letters?limit=1', token })
  if ((letters.body as { readonly data: readonly unknown[] }).data.length > 0)
    wrong.push(`a dead letter: ${JSON.stringify(letters.body).slice(0, 500)}`)
  return wrong
}
