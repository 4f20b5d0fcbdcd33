import { text } from 'node:stream/consumers'
import { Pool } from 'undici'

/** The HTTP API that Docker's engine has, and podman's too: the same wherever the engine's command line differs. */
export type EngineApi = {
  readonly get: <Answer>(path: string) => Promise<Answer>
  readonly getText: (path: string) => Promise<string>
  readonly post: (path: string, body?: unknown) => Promise<string>
  readonly close: () => Promise<void>
}

/** The engine says no. */
export class EngineError extends Error {}

/** Stopping a service may take its whole grace. */
const timeoutMs = 90_000
/** The oldest version of the API that has all that is used here. */
const version = '/v1.40'

/** `address` as DOCKER_HOST has it: unix:///path or tcp://host:port, without TLS. */
export function openEngineApi(address: string): EngineApi {
  const { protocol, pathname, host } = new URL(address)
  const isSocket = protocol === 'unix:'
  if (!isSocket && protocol !== 'tcp:') throw new EngineError(`${address} is neither unix:// nor tcp://`)
  const options = {
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    connections: 4,
    connect: { timeout: 2_000 },
  }
  const pool = isSocket
    ? new Pool('http://engine', { ...options, connect: { ...options.connect, socketPath: pathname } })
    : new Pool(`http://${host}`, options)

  async function ask(method: 'GET' | 'POST', path: string, body?: unknown): Promise<string> {
    const answer = await pool.request({
      method,
      path: version + path,
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
    })
    const said = await text(answer.body)
    // 304: it is already so.
    if (answer.statusCode < 400) return said
    throw new EngineError(`the engine answered ${method} ${path} with ${answer.statusCode}: ${said.trim()}`)
  }
  return {
    get: async <Answer>(path: string) => JSON.parse(await ask('GET', path)) as Answer, // as the API's documentation says
    getText: (path) => ask('GET', path),
    post: (path, body) => ask('POST', path, body),
    close: () => pool.destroy(),
  }
}
