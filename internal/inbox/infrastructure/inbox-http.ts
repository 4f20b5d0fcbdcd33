import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { isLoopback } from '../../platform/host.ts'
import type { Log } from '../../platform/log.ts'
import type { Scope } from '../../platform/run.ts'
import type { InboxMail } from '../domain/mail.ts'
import { listPage, mailPage } from '../domain/pages.ts'
import type { MailFolder } from './mail-folder.ts'

type Answer = {
  readonly status: number
  readonly type: string
  readonly body: string | Buffer
  readonly headers?: Readonly<Record<string, string>>
}

/** Serves the mails: a page for people, and JSON for tests. Answers with the address on which it listens. */
export async function serveInbox(
  scope: Scope,
  log: Log,
  folder: MailFolder,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<string> {
  const server = createServer((request, response) => {
    void answer(folder, host, request).then(
      (given) => send(response, given),
      (err: unknown) => {
        log.error({ err }, 'a request failed')
        send(response, problem(500, 'internal', 'internal error'))
      },
    )
  })
  server.listen({ host, port })
  await once(server, 'listening')
  scope.onClose('http', async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const { port: taken } = server.address() as AddressInfo // it listens on TCP
  return `http://${host.includes(':') ? `[${host}]` : host}:${taken}`
}

function send(response: ServerResponse, { status, type, body, headers }: Answer): void {
  response
    .writeHead(status, {
      ...{ 'content-type': type, 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' },
      ...{ 'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'" },
      ...headers,
    })
    .end(body)
}

async function answer(folder: MailFolder, host: string, request: IncomingMessage): Promise<Answer> {
  const [path = '/'] = (request.url ?? '/').split('?')
  const route = `${request.method ?? 'GET'} ${path}`
  if (route === 'GET /healthz') return json(200, { status: 'ok', pid: process.pid })
  if (isForeign(request, host)) return problem(403, 'forbidden', 'not from a page of another site')
  if (route === 'GET /') return html(listPage(folder.newestFirst()))
  if (route === 'GET /api/messages') return json(200, folder.newestFirst())
  if (route === 'DELETE /api/messages') {
    await folder.clear()
    return { status: 204, type: 'text/plain', body: '' }
  }
  const [, under = '', id = '', part = '', index = ''] =
    /^GET (\/api)?\/messages\/([\w-]+)(?:\/(html|attachments)(?:\/(\d{1,4}))?)?$/.exec(route) ?? []
  const mail = folder.find(id)
  return (mail && shown(mail, under, part, index)) ?? problem(404, 'not-found', 'there is no such thing here')
}

function shown(mail: InboxMail, under: string, part: string, index: string): Answer | undefined {
  if (under === '/api') return part === '' ? json(200, mail) : undefined
  if (part === '') return html(mailPage(mail))
  if (part === 'html') return { ...html(mail.html), headers: { 'content-security-policy': mailPolicy } }
  const attachment = mail.attachments[Number(index)]
  if (!attachment) return undefined
  // A file is for saving: shown in the browser it would be a page of this site.
  return {
    ...{ status: 200, type: 'application/octet-stream', body: Buffer.from(attachment.content, 'base64') },
    headers: {
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(attachment.filename)}`,
    },
  }
}

/** What a mail contains runs nothing and loads nothing. */
const mailPolicy = "sandbox allow-popups; default-src 'none'; style-src 'unsafe-inline'; img-src data:"

/**
 * Mails hold links with which accounts can be taken over. A page of another site can neither delete mails nor, by a name
 * of its own that leads here, read them.
 */
function isForeign({ headers, method }: IncomingMessage, host: string): boolean {
  const site = headers['sec-fetch-site']
  if (site === 'cross-site' && method !== 'GET') return true
  const name = (headers.host ?? '').replace(/:\d+$/, '').replace(/^\[|\]$/g, '')
  return isLoopback(host) && !isLoopback(name)
}

const html = (body: string): Answer => ({ status: 200, type: 'text/html; charset=utf-8', body })
const json = (status: number, body: unknown): Answer => ({
  ...{ status, type: 'application/json; charset=utf-8' },
  body: JSON.stringify(body),
})
const problem = (status: number, code: string, detail: string): Answer =>
  json(status, { status, code, detail })
