import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import type { Test } from 'tap'
import { createLog } from '../../platform/log.ts'
import { createApp, type AppOptions } from '../app.ts'
import { cartTokens, orderTokens } from '../guest-tokens.ts'
import { signedCursors } from '../cursor.ts'
import { openReadiness } from '../readiness.ts'
import { decisionFeed } from '../decisions.ts'
import type { Endpoint } from '../endpoint.ts'
import { endedSessions } from '../../platform/callers/ended-sessions.ts'
import { endpoints } from '../endpoints.ts'
import { openCatalogue } from '../open-catalogue.ts'
import { openEventStreams } from '../streams/open-event-streams.ts'
import type { GatewayOptions } from '../gateway.ts'
import { noBus } from '../together/bus.ts'
import { togetherBy } from '../together/open-together.ts'
import { refreshTokens } from '../refresh-tokens.ts'
import { fakeServices, healthy, ids, session } from './fake-services.ts'

export const jwtSecret = 'a secret of at least 32 bytes, for tests'

export type Who = 'anyone' | 'customer' | 'admin'

export type Request = {
  readonly as?: Who
  readonly headers?: Readonly<Record<string, string>>
  /** The body is sent as JSON; a string is sent as it is. */
  readonly body?: unknown
}

export type TestGateway = {
  readonly app: FastifyInstance
  readonly asked: ReturnType<typeof fakeServices>['asked']
  readonly send: (route: string, request?: Request) => Promise<LightMyRequestResponse>
}

/** Nobody draws without a thread. */
const drawPresets = async (): Promise<never> => {
  throw new Error('no image is expected here')
}

export function gatewayOptions(
  overrides: Partial<AppOptions> = {},
): AppOptions & Pick<GatewayOptions, 'operations' | 'redisUrl' | 'imagesDir'> {
  return {
    log: createLog('test', 'silent'),
    jwtSecret,
    jwtSecretPrevious: '',
    accessTokenSeconds: 900,
    currency: 'USD',
    rateLimitPerMinute: 1_000_000,
    apiKeyRequestsPerMinute: 1_000_000,
    staffSecondFactor: 'optional',
    loginLimitPerMinute: 1_000_000,
    loginFailuresPerMinute: 1_000_000,
    guestCartsPerMinute: 1_000_000,
    corsOrigins: [],
    returnOrigins: [],
    introspects: true,
    connections: { total: 1_000, perAddress: 1_000 },
    streams: { total: 1_000, perAccount: 100 },
    // A stream ends at its first round: whoever injects a request waits for the end of its answer.
    streamTimes: { roundMs: 5, longestMs: 0 },
    trustProxy: [],
    ...{ imageFiles: undefined, imagesDir: '', drawPresets },
    webDir: '',
    operationsToken: '',
    operations: { host: '127.0.0.1', port: 0 },
    health: { user: healthy },
    ...{ nats: undefined, redisUrl: '', together: togetherBy(noBus, jwtSecret) },
    ...fakeServices(),
    ...overrides,
  }
}

/** The whole API over fake services, as data. */
export function endpointTable(): readonly Endpoint[] {
  const options = gatewayOptions()
  return endpoints({
    ...options,
    decisions: decisionFeed(undefined, options.log),
    readiness: openReadiness(options.health, undefined),
    streams: openEventStreams({
      ...options,
      limits: options.streams,
      ended: endedSessions({ ...options, tokenSeconds: 900 }),
    }),
    cartTokens: cartTokens([jwtSecret]),
    orderTokens: orderTokens([jwtSecret]),
    mergeCart: async () => undefined,
    answers: openCatalogue(options).answers,
    cursors: signedCursors(jwtSecret),
    digest: (text) => text,
    issueToken: () => '',
    refreshTokens: refreshTokens([jwtSecret]),
  })
}

/** The gateway without a socket, in front of fake services that record what they were asked. */
export async function testGateway(t: Test, overrides: Partial<AppOptions> = {}): Promise<TestGateway> {
  const fakes = fakeServices()
  const { app } = await createApp(gatewayOptions({ ...fakes, ...overrides }))
  t.teardown(() => app.close())
  const send: TestGateway['send'] = (route, { as = 'anyone', headers = {}, body } = {}) => {
    const [method = '', url = ''] = route.split(' ')
    const options: InjectOptions = {
      method: method as 'GET', // whatever it is, it is sent
      url,
      headers: {
        ...(as === 'anyone' ? {} : { authorization: `Bearer ${tokenOf(app, as)}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
    }
    return body === undefined
      ? app.inject(options)
      : app.inject({ ...options, payload: typeof body === 'string' ? body : JSON.stringify(body) })
  }
  return { app, send, asked: fakes.asked }
}

export function tokenOf(app: FastifyInstance, who: 'customer' | 'admin', claims: object = {}): string {
  const exp = Math.floor(Date.now() / 1_000) + 600
  const identity = { sub: ids[who], role: who, email: `${who}@example.com`, sid: session.id, ver: 1 }
  return app.jwt.sign({ ...identity, exp, ...claims })
}
