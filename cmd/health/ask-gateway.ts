import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { json } from 'node:stream/consumers'
import type { Check } from './check.ts'

/** Longer than the gateway needs, which waits for each service for at most a second. */
const timeoutMs = 4_000
/** A gateway that listens on every address is asked by the loopback address. */
const own: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' }

/** Uses node:http, because loading fetch would take longer than the request. */
export async function askGateway(listensOn: string, port: number): Promise<readonly Check[]> {
  const host = own[listensOn] ?? listensOn
  const request = get({ host, port, path: '/readyz', agent: false, signal: AbortSignal.timeout(timeoutMs) })
  const [answer] = (await once(request, 'response')) as [IncomingMessage]
  const { checks } = (await json(answer)) as { readonly checks?: readonly Check[] }
  if (!checks) throw new Error(`/readyz was answered with ${answer.statusCode}`)
  return checks
}
