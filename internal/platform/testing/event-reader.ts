import { request } from 'undici'
import type { Test } from 'tap'
import { eventually } from './eventually.ts'

export type ReadEvent = {
  readonly id: string
  readonly event: string
  readonly data: Record<string, unknown>
}

export type EventReader = {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** All that has come so far. */
  readonly text: () => string
  readonly events: () => readonly ReadEvent[]
  /** The last id of all, as a browser would send it when it connects again. */
  readonly lastId: () => string
  readonly hasEnded: () => boolean
  readonly next: (event: string) => Promise<ReadEvent>
  readonly close: () => void
}

/** Reads server-sent events as a browser does. */
export async function readEvents(
  t: Test,
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<EventReader> {
  const leaving = new AbortController()
  const answer = await request(url, { headers, signal: leaving.signal })
  let [text, ended, read] = ['', false, 0]
  answer.body.setEncoding('utf8')
  answer.body.on('data', (chunk: string) => (text += chunk))
  answer.body.on('error', () => (ended = true))
  answer.body.on('end', () => (ended = true))
  const close = (): void => leaving.abort()
  t.teardown(close)
  const blocks = (): readonly string[] => text.split('\n\n').slice(0, -1)
  const field = (block: string, name: string): string =>
    new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? ''
  const events = (): readonly ReadEvent[] =>
    blocks()
      .filter((block) => field(block, 'event') !== '')
      .map((block) => ({
        id: field(block, 'id'),
        event: field(block, 'event'),
        data: JSON.parse(field(block, 'data')) as Record<string, unknown>,
      }))
  return {
    ...{ status: answer.statusCode, headers: answer.headers, text: () => text, events, close },
    hasEnded: () => ended,
    lastId: () => blocks().reduce((last, block) => field(block, 'id') || last, ''),
    next: (event) =>
      eventually(`${event} comes`, () => {
        const index = events().findIndex((each, place) => place >= read && each.event === event)
        if (index < 0) return undefined
        read = index + 1
        return events()[index]
      }),
  }
}
