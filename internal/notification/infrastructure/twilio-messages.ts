import type { Scope } from '../../platform/run.ts'
import type { Carrier, Outcome } from '../application/ports.ts'
import { postsOnce, type Answer } from './post-once.ts'

export type TwilioAccount = {
  readonly sid: string
  readonly authToken: string
  /** A number, a name of letters, or the id of a messaging service, MG…. */
  readonly from: string
  readonly url: string
}

/** For the whole call. It is far shorter than the lease of a message. */
const timeoutMs = 10_000

/** Sends text messages by Twilio's Messages API. */
export function twilioMessages(
  scope: Scope,
  { sid, authToken, from, url }: TwilioAccount,
  { withinMs = timeoutMs } = {},
): Carrier {
  const post = postsOnce(scope, 'twilio', withinMs)
  const call = {
    url: `${url.replace(/\/+$/, '')}/2010-04-01/Accounts/${sid}/Messages.json`,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `Basic ${Buffer.from(`${sid}:${authToken}`).toString('base64')}`,
    },
  }
  const sender = from.startsWith('MG') ? { MessagingServiceSid: from } : { From: from }
  return {
    async compose({ to, text }) {
      const form = new URLSearchParams({ To: to.phone, ...sender, Body: text })
      return { to: to.phone, bytes: Buffer.from(form.toString()) }
    },
    connect: async () => ({
      send: ({ bytes }) => post({ ...call, body: bytes }, outcomeOf),
      release: () => undefined,
    }),
  }
}

/** The credentials, the account, too many calls, too many messages that wait: none of it lies in the message. */
const laterCodes: readonly number[] = [20003, 20005, 20429, 21611]
const laterStatuses: readonly number[] = [401, 429]

/**
 * Only 201 says that Twilio has the message, and only a refusal with a code of Twilio's own that it has not. Anything else
 * may have come from something that stands between, behind which the message was taken.
 */
function outcomeOf({ status, text, afterMs }: Answer): Outcome {
  if (status === 201) return { kind: 'sent' }
  const code = codeIn(text)
  const failure = `twilio-${code ?? status}`
  const isRefusal = status === 429 || (status >= 400 && status < 500 && code !== undefined)
  if (!isRefusal) return { kind: 'unknown', failure: `twilio-${status}` }
  const isFinal = !laterStatuses.includes(status) && !laterCodes.includes(code ?? 0)
  return { kind: 'refused', isFinal, failure, ...(afterMs === undefined ? {} : { afterMs }) }
}

/** The words beside it may name the number, so they are left out. */
function codeIn(text: string): number | undefined {
  try {
    const { code } = JSON.parse(text) as { readonly code?: unknown }
    return typeof code === 'number' && Number.isInteger(code) && code >= 10_000 && code <= 99_999
      ? code
      : undefined
  } catch {
    return undefined
  }
}
