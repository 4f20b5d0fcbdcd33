import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { json } from 'node:stream/consumers'
import type { Check } from './check.ts'

/** The gateway itself waits a second at most for each service. */
const timeoutMs = 4_000
/** Who listens on every address answers on this machine's own. */
const own: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' }

/** With node:http, because fetch takes longer to load than to ask. */
export async function askGateway(listensOn: string, port: number): Promise<readonly Check[]> {
  const host = own[listensOn] ?? listensOn
  const request = get({ host, port, path: '/readyz', agent: false, signal: AbortSignal.timeout(timeoutMs) })
  const [answer] = (await once(request, 'response')) as [IncomingMessage]
  const { checks } = (await json(answer)) as { readonly checks?: readonly Check[] }
  if (!checks) throw new Error(`/readyz was answered with ${answer.statusCode}`)
  return checks
}
