import { Agent, request } from 'undici'
import type { Scope } from '../../platform/run.ts'
import type { Outcome } from '../application/ports.ts'

export type Answer = {
  readonly status: number
  /** What the answer says; empty when it broke off. */
  readonly text: string
  /** How long is asked to wait before the next call, if it is asked. */
  readonly afterMs: number | undefined
}

export type Post = { readonly url: string; readonly headers: Record<string, string>; readonly body: Buffer }

/** Such a service says in a few words what became of a message. */
const readBytes = 65_536

/**
 * Posts a message, once, to a service that has no key by which it would recognise a repetition. Each call has a connection
 * of its own: on one that was used before, it could not be told whether an end of the connection came before the message.
 */
export function postsOnce(scope: Scope, service: string, withinMs: number) {
  const agent = new Agent({ pipelining: 0, connect: { timeout: withinMs } })
  scope.onClose(`${service} connections`, () => agent.destroy())
  return async ({ url, headers, body }: Post, outcomeOf: (answer: Answer) => Outcome): Promise<Outcome> => {
    const signal = AbortSignal.timeout(withinMs)
    try {
      const answer = await request(url, { dispatcher: agent, method: 'POST', body, headers, signal })
      const text = await textOf(answer.body).catch(() => '')
      return outcomeOf({ status: answer.statusCode, text, afterMs: waitOf(answer.headers['retry-after']) })
    } catch (err) {
      return outcomeOfError(err, service)
    }
  }
}

async function textOf(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > readBytes) return ''
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

/** Who asks for more than a day is asked again before. */
const longestWaitMs = 86_400_000

/** `Retry-After` is a number of seconds or a date. */
function waitOf(header: string | string[] | undefined): number | undefined {
  if (typeof header !== 'string') return undefined
  const waitMs = /^\d{1,9}$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now()
  return waitMs > 0 ? Math.min(waitMs, longestWaitMs) : undefined
}

/** Faults of connecting, before the first byte of the message. TLS is part of it where the certificate is not accepted. */
const unconnected =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$|CERT/

function outcomeOfError(err: unknown, service: string): Outcome {
  const { code = '' } = err as NodeJS.ErrnoException
  if (unconnected.test(code)) return { kind: 'refused', isFinal: false, failure: `${service}-unreachable` }
  return { kind: 'unknown', failure: 'no-answer' }
}
