import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import type { Scope } from '../../../internal/platform/run.ts'
import type { Random } from '../../shared/random.ts'

/** Of a call: which event came to which endpoint, and whether the receiver took it. */
export type HookCall = {
  readonly endpoint: string
  readonly event: string
  readonly type: string
  readonly isTaken: boolean
}

export type HookReceiver = {
  readonly urlOf: (endpoint: string) => string
  /** Before the secret is known, nothing is taken. */
  readonly know: (endpoint: string, secret: string) => void
  /** In the order of their arrival. */
  readonly calls: () => readonly HookCall[]
}

/** Back ends of others fail now and then: with an answer, or by hanging up when they have the event. */
const [failShare, hangUpShare] = [0.04, 0.01]

/** Takes webhooks as docs/webhooks.md tells those who write a receiver. It lives in the campaign's own process. */
export async function openReceiver(scope: Scope, random: Random): Promise<HookReceiver> {
  const secrets = new Map<string, string>()
  const calls: HookCall[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const endpoint = (request.url ?? '').slice(1)
      const secret = secrets.get(endpoint)
      const type = secret === undefined ? undefined : typeOf(request, Buffer.concat(chunks), secret)
      const lot = random.next()
      const isTaken = type !== undefined && lot >= failShare + hangUpShare
      if (type !== undefined) calls.push({ endpoint, event: header(request, 'webhook-id'), type, isTaken })
      if (type !== undefined && lot < hangUpShare) request.socket.destroy()
      else response.writeHead(isTaken ? 204 : type === undefined ? 400 : 500).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  scope.onClose('receiver of webhooks', async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const { port } = server.address() as AddressInfo // it listens on TCP
  return {
    urlOf: (endpoint) => `http://127.0.0.1:${port}/${endpoint}`,
    know: (endpoint, secret) => void secrets.set(endpoint, secret),
    calls: () => calls,
  }
}

const header = (request: IncomingMessage, name: string): string => String(request.headers[name] ?? '')

/** The type of the event; undefined when the signature is not ours, or of a clock that is minutes off. */
function typeOf(request: IncomingMessage, body: Buffer, secret: string): string | undefined {
  try {
    new Webhook(secret).verify(body.toString(), request.headers as Readonly<Record<string, string>>)
    return (JSON.parse(body.toString()) as { readonly type: string }).type
  } catch {
    return undefined
  }
}
