import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  credentials,
  loadPackageDefinition,
  Metadata,
  status,
  type ChannelCredentials,
  type Client,
} from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'
import type { Test } from 'tap'
import type { EndingSchema, ReadAccessTokenResponseSchema } from '../../gen/user/v1/user_pb.ts'
import type { Call } from '../../platform/call.ts'
import type { CallerQuestions } from '../../platform/callers/asked-callers.ts'
import { invalid } from '../../platform/callers/tokens.ts'
import { newId } from '../../platform/new-id.ts'
import type { AnyContract, Health } from '../../platform/service.ts'
import { silent, testScope } from '../../platform/testing/scope.ts'
import type { Wire } from '../../platform/wire.ts'
import { openEdge, type EdgeOptions } from '../open-edge.ts'
import type { EdgeLimits, Handler } from '../serve-methods.ts'

type Token = Wire<typeof ReadAccessTokenResponseSchema>

export type Asked = { readonly method: string; readonly request: unknown; readonly call: Call }

/** The accounts and keys that the user service of a test knows, and what has ended. */
export function testUsers() {
  const tokens = new Map<string, Token>()
  const keys = new Map<string, { readonly id: string; readonly scopes: readonly string[] }>()
  const world = {
    endings: [] as Wire<typeof EndingSchema>[],
    isAway: false,
    answersAfterMs: 0,
    /** Gives a bearer token for an account like this one. */
    token(role: string, more: Partial<Token> = {}): string {
      const token = `h.${newId()}.s`
      const session = { userId: newId(), sessionId: newId(), email: `${role}@example.com`, accessVersion: 1 }
      const expiresAt = new Date(Date.now() + 60_000).toISOString()
      tokens.set(token, { ...session, role, permissions: [], secondFactor: false, expiresAt, ...more })
      return token
    },
    /** Gives an API key with these permissions. */
    key(scopes: readonly string[]): string {
      const secret = `tsk_${createHash('sha256').update(newId()).digest('base64url')}`
      keys.set(createHash('sha256').update(secret).digest('base64url'), { id: newId(), scopes })
      return secret
    },
    idOf: (token: string): string => tokens.get(token)?.userId ?? '',
    sessionOf: (token: string): string => tokens.get(token)?.sessionId ?? '',
  }
  const answers = async <Answer>(answer: () => Answer): Promise<Answer> => {
    if (world.isAway) throw new Error('away')
    if (world.answersAfterMs > 0) await sleep(world.answersAfterMs)
    return answer()
  }
  const questions: CallerQuestions = {
    readAccessToken: ({ token }) =>
      answers(() => {
        const known = tokens.get(token)
        if (!known) throw invalid()
        return known
      }),
    findApiKey: ({ hash }) =>
      answers(() => {
        const key = keys.get(hash)
        const rest = { name: 'k', createdBy: '', createdAt: '', expiresAt: '', lastUsedAt: '' }
        return { apiKeys: key ? [{ ...rest, ...key }] : [] }
      }),
    listEndings: () =>
      answers(() => ({ endings: world.endings, asOf: new Date().toISOString(), nextId: '' })),
  }
  return { ...world, world, questions }
}

export type TestUsers = ReturnType<typeof testUsers>

const generous = { rateLimitPerMinute: 1_000_000, apiKeyRequestsPerMinute: 1_000_000 }

type Options = {
  readonly users?: TestUsers
  readonly limits?: Partial<EdgeLimits>
  /** Answers in the place of the handlers, which answer every field's default. */
  readonly answer?: (asked: Asked) => Promise<unknown>
  readonly health?: Health
  readonly address?: Partial<EdgeOptions['address']>
  readonly tls?: EdgeOptions['tls']
}

const ready: Health = {
  checkReadiness: async () => ({ checks: [{ name: 'database', ready: true, detail: '' }] }),
  readGauges: async () => ({ gauges: [] }),
}

/** An edge for a contract, whose handlers only note what they were asked. */
export async function testEdge(t: Test, contract: AnyContract, options: Options = {}) {
  const { users = testUsers(), limits, answer = async () => ({}), health = ready } = options
  const asked: Asked[] = []
  const handlers = Object.keys(contract.method).map((method): readonly [string, Handler] => [
    method,
    async (request, call) => {
      asked.push({ method, request, call })
      return answer({ method, request, call })
    },
  ])
  const scope = testScope(t)
  const address = await openEdge(scope, {
    ...{ log: silent, service: 'test', health, tls: options.tls ?? { cert: '', key: '' } },
    address: { host: '127.0.0.1', port: 0, isGiven: true, variable: 'TEST_GRPC_ADDR', ...options.address },
    outside: {
      ...{ contract, users: users.questions, handlers: Object.fromEntries(handlers) },
      limits: { ...generous, staffSecondFactor: 'optional', ...limits },
    },
  })
  return { address, asked, users, scope, client: clientOf(t, address, contract.typeName) }
}

export type Answer = {
  readonly body: Readonly<Record<string, unknown>>
  readonly code: status
  readonly text: string
  readonly errorCode: string
  readonly trailers: Metadata
}

type Send = (
  method: string,
  request?: unknown,
  options?: {
    readonly token?: string
    readonly metadata?: Record<string, string>
    readonly deadlineMs?: number
  },
) => Promise<Answer>

/** Calls by what the proto files say, as a program outside does. */
export function clientOf(
  t: Test,
  address: string,
  service: string,
  channel: ChannelCredentials = credentials.createInsecure(),
): Send {
  const [folder = ''] = service.split('.')
  const file = `${folder}/v1/${folder}.proto`
  return clientFrom(
    t,
    loadSync(file, { includeDirs: ['proto'], longs: String, defaults: true }),
    address,
    service,
    channel,
  )
}

/** The same for a definition that came from elsewhere. */
export function clientFrom(
  t: Test,
  definition: ReturnType<typeof loadSync>,
  address: string,
  service: string,
  channel: ChannelCredentials = credentials.createInsecure(),
): Send {
  const found = service
    .split('.')
    .reduce<unknown>(
      (place, name) => (place as Readonly<Record<string, unknown>>)[name],
      loadPackageDefinition(definition),
    )
  const Service = found as new (
    address: string,
    channel: ChannelCredentials,
  ) => Client & Record<string, Unary>
  const client = new Service(address, channel)
  t.teardown(() => client.close())
  return (method, request = {}, { token, metadata: more = {}, deadlineMs } = {}) =>
    new Promise((resolve) => {
      const metadata = new Metadata()
      if (token !== undefined) metadata.set('authorization', `Bearer ${token}`)
      for (const [name, value] of Object.entries(more)) metadata.set(name, value)
      const options = deadlineMs === undefined ? {} : { deadline: Date.now() + deadlineMs }
      client[method]!(request, metadata, options, (err, body) => {
        const trailers = err?.metadata ?? new Metadata()
        const errorCode = String(trailers.get('error-code')[0] ?? '')
        const [code, text] = [err?.code ?? status.OK, err?.details ?? '']
        resolve({ body: body ?? {}, code, text, errorCode, trailers })
      })
    })
}

type Failure = { readonly code: status; readonly details: string; readonly metadata: Metadata }
type Unary = (
  request: unknown,
  metadata: Metadata,
  options: object,
  done: (err: Failure | null, body?: Readonly<Record<string, unknown>>) => void,
) => unknown
