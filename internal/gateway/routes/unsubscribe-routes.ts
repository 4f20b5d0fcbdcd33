import { Type } from 'typebox'
import type { NotificationService } from '../../gen/notification/v1/notification_pb.ts'
import type { Handlers } from '../../platform/service.ts'
import { endpoint, type Endpoint } from '../endpoint.ts'
import { bodyBytes } from '../limits.ts'

type UnsubscribeDeps = { readonly notifications: Pick<Handlers<typeof NotificationService>, 'unsubscribe'> }

/** Ours have about 110 characters. */
const tokenLength = 300
const Token = Type.Object(
  { token: Type.String({ minLength: 1, maxLength: tokenLength, pattern: '^[A-Za-z0-9._-]+$' }) },
  { additionalProperties: false },
)
const page = Type.Unsafe<Uint8Array>({ type: 'string' })

/** The link of a mail. Whoever follows it is asked first, because programs that look for viruses follow it, too. */
export function unsubscribeRoutes({ notifications }: UnsubscribeDeps): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/notifications/unsubscribe',
      access: 'anyone',
      tag: 'notifications',
      id: 'askToUnsubscribe',
      summary: 'A page that asks whether mails of this kind shall stop; it changes nothing',
      query: Token,
      status: 200,
      mediaType: 'text/html',
      response: page,
      handle: async () => ({ body: pageOf(asking) }),
    }),
    endpoint({
      method: 'POST',
      path: '/notifications/unsubscribe',
      access: 'anyone',
      tag: 'notifications',
      id: 'unsubscribe',
      summary: 'Stop mails of this kind, by the token of a mail and without a login (RFC 8058)',
      query: Token,
      bodyBytes: bodyBytes.login,
      takesBytes: true,
      status: 200,
      mediaType: 'text/html',
      response: page,
      async handle({ query }, call) {
        await notifications.unsubscribe(query, call)
        return { body: pageOf(done) }
      },
    }),
  ]
}

const pageOf = (body: string): Buffer =>
  Buffer.from(`<!doctype html>
<html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>E-mail</title></head>
<body>${body}</body></html>
`)

/** The form goes to the address of the page, with its token. Whose language it is, nobody knows here. */
const asking = `<form method="post"><p>Shall mails of this kind stop? / Sollen solche Nachrichten aufhören?</p>
<button>Stop / Aufhören</button></form>`
const done = '<p>You get no more of these. / Sie erhalten solche Nachrichten nicht mehr.</p>'
