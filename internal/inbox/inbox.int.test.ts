import { readdir, writeFile } from 'node:fs/promises'
import http from 'node:http'
import path from 'node:path'
import { createTransport } from 'nodemailer'
import t, { type Test } from 'tap'
import { freePort } from '../local/system.ts'
import { createLog } from '../platform/log.ts'
import { createScope } from '../platform/run.ts'
import type { InboxMail } from './domain/mail.ts'
import { openInbox } from './open-inbox-service.ts'

async function open(t: Test, dir: string = t.testdir()) {
  const log = createLog('test', 'silent')
  const scope = createScope(log, (err) => t.error(err))
  t.teardown(() => scope.close())
  const smtpPort = await freePort()
  const url = await openInbox(scope, log, { host: '127.0.0.1', port: 0, smtpPort, dir })
  const transport = createTransport({ host: '127.0.0.1', port: smtpPort })
  const list = async () => (await (await fetch(`${url}/api/messages`)).json()) as readonly InboxMail[]
  return { url, transport, list, dir, close: () => scope.close() }
}

const mail = {
  ...{
    from: 'Shop <shop@example.com>',
    to: 'Ada <ada@example.com>',
    bcc: 'eve@example.com',
    subject: 'Grüße',
  },
  ...{ text: 'plain', html: '<p>rich</p>' },
  attachments: [{ filename: 'R-1.pdf', content: '%PDF-1.7', contentType: 'application/pdf' }],
}

t.test('every mail is listed with its bodies and attachments, newest first', async (t) => {
  const { transport, list } = await open(t)
  await transport.sendMail(mail)
  await transport.sendMail({ ...mail, subject: 'second', attachments: [] })
  const [second, first] = await list()
  t.match(second, { subject: 'second', attachments: [] })
  t.match(first, {
    ...{ from: 'shop@example.com', to: ['ada@example.com', 'eve@example.com'], subject: 'Grüße' },
    ...{ text: /^plain/, html: /<p>rich<\/p>/, receivedAt: /^\d{4}-.*Z$/ },
    attachments: [{ filename: 'R-1.pdf', contentType: 'application/pdf', size: 8 }],
  })
  t.equal(Buffer.from(first!.attachments[0]!.content, 'base64').toString(), '%PDF-1.7')
})

t.test('what was accepted is there after a restart, and what was cut is not', async (t) => {
  const { transport, close, dir } = await open(t)
  await transport.sendMail(mail)
  await close()
  await writeFile(path.join(dir, 'cut.new'), '{"id": "cu')
  const again = await open(t, dir)
  t.match(await again.list(), [{ subject: 'Grüße', text: /^plain/ }])
  t.equal((await fetch(`${again.url}/api/messages`, { method: 'DELETE' })).status, 204)
  t.same(await again.list(), [])
  t.same(await readdir(dir), [])
})

t.test('people see a page, on which a mail can do nothing', async (t) => {
  const { transport, list, url } = await open(t)
  await transport.sendMail({ ...mail, subject: '<b>bold</b>' })
  const [{ id }] = (await list()) as readonly [InboxMail]
  const get = async (to: string) => fetch(`${url}${to}`)
  t.match(await (await get('/')).text(), '&lt;b&gt;bold&lt;/b&gt;')
  t.match(await (await get(`/messages/${id}`)).text(), `src="/messages/${id}/html"`)
  const body = await get(`/messages/${id}/html`)
  t.match(body.headers.get('content-security-policy'), /^sandbox allow-popups; default-src 'none'/)
  const file = await get(`/messages/${id}/attachments/0`)
  t.match(file.headers.get('content-disposition'), 'attachment; ')
  t.equal(await file.text(), '%PDF-1.7')
  for (const none of ['/messages/x', `/messages/${id}/attachments/1`, '/x'])
    t.equal((await get(none)).status, 404, none)
})

t.test('no page of another site deletes mails, or reads them by a name of its own', async (t) => {
  const { transport, list, url } = await open(t)
  await transport.sendMail(mail)
  const statusOf = (method: string, headers: Record<string, string>) =>
    new Promise((resolve, reject) => {
      const { port } = new URL(url)
      const request = http.request({ port, method, path: '/api/messages', headers }, (answer) => {
        answer.resume()
        resolve(answer.statusCode)
      })
      request.on('error', reject).end()
    })
  t.equal(await statusOf('DELETE', { 'sec-fetch-site': 'cross-site' }), 403)
  t.equal(await statusOf('GET', { host: 'evil.example' }), 403)
  t.equal(await statusOf('GET', { host: 'localhost:8025' }), 200)
  t.equal((await list()).length, 1)
})

t.test('a mail that is too large is refused for good', async (t) => {
  const { transport, list } = await open(t)
  await t.rejects(transport.sendMail({ ...mail, text: 'x'.repeat(11 * 1_048_576) }), { message: /552/ })
  t.same(await list(), [])
})

t.test('a taken port is named', async (t) => {
  const { url } = await open(t)
  const log = createLog('test', 'silent')
  const scope = createScope(log, (err) => t.error(err))
  t.teardown(() => scope.close())
  const port = Number(new URL(url).port)
  const settings = { host: '127.0.0.1', port, smtpPort: await freePort(), dir: t.testdir() }
  await t.rejects(openInbox(scope, log, settings), { message: /set INBOX_PORT to a free one$/ })
  const other = { ...settings, port: 0, smtpPort: port }
  await t.rejects(openInbox(scope, log, other), { message: /set INBOX_SMTP_PORT to a free one$/ })
})
