import type { Scope } from '../../platform/run.ts'
import type { Carrier, Mail, Outcome } from '../application/ports.ts'
import { postsOnce, type Answer } from './post-once.ts'

/** For the whole call. It is far shorter than the lease of a message. */
const timeoutMs = 10_000

/** Posts to an incoming webhook of Slack. */
export function slackWebhook(scope: Scope, url: string, { withinMs = timeoutMs } = {}): Carrier {
  const post = postsOnce(scope, 'slack', withinMs)
  const headers = { 'content-type': 'application/json' }
  return {
    compose: async (mail) => ({ to: '', bytes: Buffer.from(JSON.stringify({ text: slackText(mail) })) }),
    // A Slack that is away holds up no mails: its messages count their attempts, and come again one by one.
    connect: async () => ({
      send: ({ bytes }) => post({ url, headers, body: bytes }, outcomeOf),
      release: () => undefined,
    }),
  }
}

/** Slack reads these three signs as the beginning of links and mentions. */
const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

const slackText = ({ subject, text }: Mail): string =>
  `${subject}\n${text}`.replace(/[&<>]/g, (sign) => entities[sign] ?? '')

/**
 * 429 and 503 ask to come again later, and may say when. Any other 5xx may have come from something that stands between, behind which the
 * message was taken.
 */
function outcomeOf({ status, afterMs }: Answer): Outcome {
  const failure = `slack-${status}`
  if (status >= 200 && status < 300) return { kind: 'sent' }
  if (status === 429 || status === 503)
    return { kind: 'refused', isFinal: false, failure, ...(afterMs === undefined ? {} : { afterMs }) }
  return status >= 500 ? { kind: 'unknown', failure } : { kind: 'refused', isFinal: true, failure }
}
