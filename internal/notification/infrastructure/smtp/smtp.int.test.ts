import { once } from 'node:events'
import net, { type AddressInfo } from 'node:net'
import PostalMime from 'postal-mime'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import t, { type Test } from 'tap'
import { createLog } from '../../../platform/log.ts'
import { createScope } from '../../../platform/run.ts'
import type { Mail } from '../../application/ports.ts'
import { newDeliveryId } from '../../testing/fixtures.ts'
import { smtpAddress } from './smtp-address.ts'
import { smtpMailServer } from './smtp-mail-server.ts'

const from = { name: 'Our Shop', address: 'shop@example.com' }
const mail = (overrides: Partial<Mail> = {}): Mail => ({
  ...{
    id: newDeliveryId(),
    to: { email: 'ada@example.com', name: 'Ada, "the" Countess', phone: '' },
    subject: 'Grüße',
  },
  ...{ text: 'plain', html: '<p>rich</p>', attachments: [], unsubscribeUrl: undefined },
  ...overrides,
})

async function openServer(t: Test, options: Partial<SMTPServerOptions> = {}) {
  const received: string[] = []
  const sessions = new Set<string>()
  const server = new SMTPServer({
    ...{ authOptional: true, disabledCommands: ['STARTTLS'], logger: false },
    onData(stream, session, done) {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('end', () => {
        received.push(Buffer.concat(parts).toString())
        sessions.add(session.id)
        done()
      })
    },
    ...options,
  })
  server.on('error', () => undefined) // a client that goes away
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => new Promise<void>((resolve) => server.close(() => resolve())))
  const { port } = server.server.address() as AddressInfo
  return { received, sessions, url: `smtp://127.0.0.1:${port}` }
}

function openClient(t: Test, url: string, timeoutMs = 2_000) {
  const scope = createScope(createLog('test', 'silent'), (err) => t.error(err))
  t.teardown(() => scope.close())
  return smtpMailServer(scope, { address: smtpAddress(url), from, timeoutMs })
}

async function send(client: ReturnType<typeof openClient>, what: Mail) {
  const message = await client.compose(what)
  const line = await client.connect()
  const outcome = await line.send(message)
  line.release()
  return outcome
}

t.test('a mail arrives as it was written, with its attachment and both of its bodies', async (t) => {
  const { received, url } = await openServer(t)
  const pdf = { filename: 'R-1.pdf', contentType: 'application/pdf', content: Buffer.from('%PDF-1.7') }
  const what = mail({ attachments: [pdf], unsubscribeUrl: 'https://api.example/u?token=x' })
  t.same(await send(openClient(t, url), what), { kind: 'sent' })
  const parsed = await PostalMime.parse(received[0]!)
  t.match(parsed, {
    from: { name: 'Our Shop', address: 'shop@example.com' },
    to: [{ name: 'Ada, "the" Countess', address: 'ada@example.com' }],
    ...{ subject: 'Grüße', messageId: `<${what.id}@example.com>` },
    ...{ text: /^plain/, html: /<p>rich<\/p>/ },
    attachments: [{ filename: 'R-1.pdf', mimeType: 'application/pdf' }],
  })
  const headers = new Map(parsed.headers.map(({ key, value }) => [key, value]))
  t.equal(headers.get('list-unsubscribe'), '<https://api.example/u?token=x>')
  t.equal(headers.get('list-unsubscribe-post'), 'List-Unsubscribe=One-Click')
})

t.test('a subject or a name adds no header', async (t) => {
  const { received, url } = await openServer(t)
  const to = { email: 'ada@example.com', name: 'Ada\r\nBcc: eve@example.com', phone: '' }
  await send(openClient(t, url), mail({ subject: 'Hello\r\nBcc: eve@example.com', to }))
  t.same((await PostalMime.parse(received[0]!)).bcc ?? [], [])
})

t.test('mails that follow each other share a connection', async (t) => {
  const { received, sessions, url } = await openServer(t)
  const client = openClient(t, url)
  for (let sent = 0; sent < 3; sent++) await send(client, mail())
  t.same([received.length, sessions.size], [3, 1])
})

const refused = (code: number) => Object.assign(new Error('no, ada@example.com'), { responseCode: code })

t.test('a refusal is for now or for good, and its words are not repeated', async (t) => {
  const full = await openServer(t, { onRcptTo: (_to, _session, done) => done(refused(452)) })
  t.same(await send(openClient(t, full.url), mail()), {
    kind: 'refused',
    isFinal: false,
    failure: 'smtp-452',
  })
  const none = await openServer(t, { onRcptTo: (_to, _session, done) => done(refused(550)) })
  t.same(await send(openClient(t, none.url), mail()), { kind: 'refused', isFinal: true, failure: 'smtp-550' })
  const late = await openServer(t, {
    onData(stream, _session, done) {
      stream.resume()
      stream.on('end', () => done(refused(554)))
    },
  })
  t.same(await send(openClient(t, late.url), mail()), { kind: 'refused', isFinal: true, failure: 'smtp-554' })
})

t.test('a server that is away, or lets nobody in, has taken nothing', async (t) => {
  await t.rejects(openClient(t, 'smtp://127.0.0.1:1').connect(), { name: 'MailServerError' })
  const strict = await openServer(t, {
    authOptional: false,
    authMethods: ['PLAIN'],
    allowInsecureAuth: true,
    onAuth: (_auth, _session, done) => done(refused(535)),
  })
  const url = strict.url.replace('smtp://', 'smtp://ada:secret@')
  await t.rejects(openClient(t, url).connect(), { name: 'MailServerError', message: /smtp-535/ })
})

/** Speaks SMTP up to the command that matches, and then closes the connection or stays silent. */
async function openRude(t: Test, at: RegExp, act: (socket: net.Socket) => void): Promise<string> {
  const sockets = new Set<net.Socket>()
  const server = net.createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.write('220 rude\r\n')
    let isData = false
    socket.on('data', (data) => {
      for (const line of data.toString().split('\r\n').filter(Boolean)) {
        if (at.test(line)) {
          act(socket)
          return
        }
        if (isData) continue
        isData = line === 'DATA'
        socket.write(isData ? '354 go on\r\n' : '250 fine\r\n')
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const ways = { closes: (socket: net.Socket) => void socket.destroy(), 'is silent': () => undefined }

for (const [how, act] of Object.entries(ways)) {
  t.test(`nobody knows whether a mail was taken when the server ${how} behind its last word`, async (t) => {
    const client = openClient(t, await openRude(t, /^\.$/, act), 300)
    t.match(await send(client, mail()), { kind: 'unknown' })
  })

  t.test(`nothing was taken when the server ${how} before the mail itself`, async (t) => {
    const client = openClient(t, await openRude(t, /^MAIL/, act), 300)
    t.match(await send(client, mail()), { kind: 'refused', isFinal: false })
  })
}

t.test('a password never goes over a network in clear', (t) => {
  t.match(smtpAddress('smtp://u:p%40ss@mail.example'), { port: 587, requireTLS: true, password: 'p@ss' })
  t.match(smtpAddress('smtps://u:p@mail.example'), { port: 465, secure: true, requireTLS: false })
  t.match(smtpAddress('smtp://127.0.0.1:1025'), { port: 1_025, requireTLS: false, user: '' })
  t.end()
})
