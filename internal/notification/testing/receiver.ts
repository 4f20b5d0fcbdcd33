import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import type { Test } from 'tap'

export type Received = {
  readonly id: string
  readonly type: string
  readonly data: Readonly<Record<string, unknown>>
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

/** What a receiver of webhooks does: `answer` decides, and 204 is what it says otherwise. */
export async function openReceiver(
  t: Test,
  answer: (got: Received, response: ServerResponse) => void = (_got, response) =>
    void response.writeHead(204).end(),
) {
  const received: Received[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString()
      const headers = request.headers as Readonly<Record<string, string>>
      const { type, data } = JSON.parse(body) as Pick<Received, 'type' | 'data'>
      const got = { id: headers['webhook-id'] ?? '', type, data, body, headers }
      received.push(got)
      answer(got, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    received,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    /** Throws when the signature is wrong. */
    verify: ({ body, headers }: Received, secret: string): unknown =>
      new Webhook(secret).verify(body, headers),
  }
}
