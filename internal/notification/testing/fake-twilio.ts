import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'

export type SentSms = {
  readonly path: string
  readonly authorization: string
  readonly contentType: string
  readonly form: Readonly<Record<string, string>>
}

export type TwilioAnswer = (response: ServerResponse, request: IncomingMessage, sms: SentSms) => void

export const twilioSid = `AC${'0'.repeat(31)}1`
export const twilioToken = 'a token of this test'

/** What Twilio answers to a message that it takes. */
export const taken: TwilioAnswer = (response, _request, { form }) =>
  void response.writeHead(201, { 'content-type': 'application/json' }).end(
    JSON.stringify({
      ...{ sid: `SM${'0'.repeat(31)}2`, status: 'queued', error_code: null, error_message: null },
      ...{ to: form.To, from: form.From ?? null, body: form.Body },
    }),
  )

/** A refusal as Twilio writes it. Its words name the number. */
export const refused =
  (status: number, code: number, headers: Readonly<Record<string, string>> = {}): TwilioAnswer =>
  (response, _request, { form }) =>
    void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(
      JSON.stringify({
        ...{ code, status, message: `The number ${form.To ?? ''} is refused` },
        more_info: `https://www.twilio.com/docs/errors/${code}`,
      }),
    )

/** A server that answers as Twilio documents its Messages API. The real one was never met. */
export async function openFakeTwilio(t: Test, first: TwilioAnswer = taken) {
  const sent: SentSms[] = []
  const ports = new Set<number | undefined>()
  let answer = first
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    ports.add(request.socket.remotePort)
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const sms = {
        ...{ path: request.url ?? '', authorization: request.headers.authorization ?? '' },
        contentType: request.headers['content-type'] ?? '',
        form: Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString())),
      }
      sent.push(sms)
      answer(response, request, sms)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = (): void => {
    server.closeAllConnections()
    server.close()
  }
  t.teardown(close)
  return {
    sent,
    ports,
    close,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** From now on. */
    answerWith: (next: TwilioAnswer): void => void (answer = next),
    to: (number: string): readonly string[] =>
      sent.filter(({ form }) => form.To === number).map(({ form }) => form.Body ?? ''),
  }
}
