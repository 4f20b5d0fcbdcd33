import t, { type Test } from 'tap'
import { createLog } from '../../platform/log.ts'
import { createScope } from '../../platform/run.ts'
import type { Mail } from '../application/ports.ts'
import { openFakeTwilio, refused, taken, twilioSid, twilioToken } from '../testing/fake-twilio.ts'
import type { TwilioAnswer } from '../testing/fake-twilio.ts'
import { newDeliveryId } from '../testing/fixtures.ts'
import { twilioMessages } from './twilio-messages.ts'

const mail: Mail = {
  ...{ id: newDeliveryId(), to: { email: '', name: '', phone: '+447700900123' }, subject: '' },
  ...{ text: 'Our Shop: Grüße & more', html: '', attachments: [], unsubscribeUrl: undefined },
}

async function world(t: Test, answer: TwilioAnswer = taken, from = '+15005550006') {
  const fake = await openFakeTwilio(t, answer)
  const scope = createScope(createLog('test', 'silent'), (err) => t.error(err))
  t.teardown(() => scope.close())
  const account = { sid: twilioSid, authToken: twilioToken, from, url: `${fake.url}/` }
  const twilio = twilioMessages(scope, account, { withinMs: 500 })
  const send = async () => (await twilio.connect()).send(await twilio.compose(mail))
  return { ...fake, send }
}

const says =
  (status: number, body: string): TwilioAnswer =>
  (response) =>
    void response.writeHead(status).end(body)

t.test('a message is sent when Twilio has made it', async (t) => {
  const { sent, send } = await world(t)
  t.same(await send(), { kind: 'sent' })
  t.same(sent, [
    {
      path: `/2010-04-01/Accounts/${twilioSid}/Messages.json`,
      authorization: `Basic ${Buffer.from(`${twilioSid}:${twilioToken}`).toString('base64')}`,
      contentType: 'application/x-www-form-urlencoded',
      form: { To: '+447700900123', From: '+15005550006', Body: 'Our Shop: Grüße & more' },
    },
  ])
})

t.test('a messaging service chooses the sender itself', async (t) => {
  const service = `MG${'0'.repeat(32)}`
  const { sent, send } = await world(t, taken, service)
  await send()
  t.match(sent, [{ form: { MessagingServiceSid: service, From: undefined } }])
})

for (const [status, code] of [[400, 21211], [400, 21610], [400, 21408], [404, 20404]] as const) {
  t.test(`a refusal with ${code} is final, and tells nothing of the number`, async (t) => {
    const { sent, send } = await world(t, refused(status, code))
    t.same(await send(), { kind: 'refused', isFinal: true, failure: `twilio-${code}` })
    t.equal(sent.length, 1)
  })
} // prettier-ignore

for (const [status, code] of [[429, 20429], [401, 20003], [403, 20005], [400, 21611]] as const) {
  t.test(`a refusal with ${code} lies not in the message, which waits`, async (t) => {
    const { send } = await world(t, refused(status, code))
    t.same(await send(), { kind: 'refused', isFinal: false, failure: `twilio-${code}` })
  })
} // prettier-ignore

t.test('it waits for as long as Twilio asks, and a day at most', async (t) => {
  const asked = async (header: string) => {
    const { send } = await world(t, refused(429, 20429, { 'retry-after': header }))
    const outcome = await send()
    return outcome.kind === 'refused' ? outcome.afterMs : undefined
  }
  t.equal(await asked('90'), 90_000)
  t.equal(await asked('999999'), 86_400_000)
  const inAMinute = (await asked(new Date(Date.now() + 60_000).toUTCString())) ?? 0
  t.ok(inAMinute > 30_000 && inAMinute <= 60_000, String(inAMinute))
  t.equal(await asked('soon'), undefined)
})

t.test('after any other answer nobody knows whether it was sent', async (t) => {
  for (const status of [500, 502, 503, 504])
    t.same(await (await world(t, refused(status, 20500))).send(), {
      ...{ kind: 'unknown', failure: `twilio-${status}` },
    })
  for (const [status, body] of [[200, '{}'], [302, ''], [404, '<html>'], [408, ''], [400, '{"code":"x"}']] as const)
    t.same(await (await world(t, says(status, body))).send(), { kind: 'unknown', failure: `twilio-${status}` }) // prettier-ignore
})

t.test('nor when the connection breaks behind the message, or no answer comes', async (t) => {
  const broken = await world(t, (_response, request) => request.socket.resetAndDestroy())
  t.same(await broken.send(), { kind: 'unknown', failure: 'no-answer' })
  t.equal(broken.sent.length, 1, 'and it is not posted again by itself')
  const hanging = await world(t, () => undefined)
  t.same(await hanging.send(), { kind: 'unknown', failure: 'no-answer' })
})

t.test('an answer that breaks off has said by its status what became of it', async (t) => {
  const { send } = await world(t, (response, request) => {
    response.writeHead(201, { 'content-length': '100' }).write('{')
    setTimeout(() => request.socket.resetAndDestroy(), 50)
  })
  t.same(await send(), { kind: 'sent' })
})

t.test('what could not be connected was not sent', async (t) => {
  const { send, close } = await world(t)
  close()
  t.same(await send(), { kind: 'refused', isFinal: false, failure: 'twilio-unreachable' })
})

t.test('each message has a connection of its own', async (t) => {
  const { send, ports } = await world(t)
  for (let n = 0; n < 3; n++) await send()
  t.equal(ports.size, 3)
})
