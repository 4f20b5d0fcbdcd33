import type { EventStreams } from '../../internal/notification/application/follow-streams.ts'
import { eventOf, streamsOf } from '../../internal/notification/infrastructure/webhooks/event-streams.ts'
import { streams as known } from '../../internal/platform/streams.ts'
import { request } from './broker-ports.ts'
import type { BrokerClient } from './delivered-message.ts'
import type { Message, Stream } from './jetstream.ts'

/** So few that a stream is not read in one go. */
const atOnce = 5

const markOf = (message: Message | undefined): string => (message ? `${message.at} ${message.messageId}` : '')

/** The broker as whoever reads its streams by position uses it. */
export function eventStreams(client: BrokerClient, subjects: readonly string[]): EventStreams {
  const { broker } = client
  function streamOf(name: string): Stream {
    const stream = [...broker.streams().values()].find((each) => each.name === name)
    if (!stream) throw new Error(`there is no ${name}`)
    return stream
  }
  return {
    names: streamsOf(subjects).filter(({ stream }) => known.some(({ name }) => name === stream)),
    look: (name) =>
      request(client, `looks how far ${name} is`, () => {
        const { created, messages } = streamOf(name)
        return { incarnation: created, last: messages.length, mark: markOf(messages.at(-1)) }
      }),
    markAt: (name, seq) =>
      request(client, `looks at ${seq} of ${name}`, () => markOf(streamOf(name).messages[seq - 1])),
    before: async () => 0, // the endpoints are older than the shop
    read: (name, seq, last) =>
      request(client, `reads ${name}`, () => {
        const end = Math.min(seq + atOnce, last)
        const { messages } = streamOf(name)
        const events = messages.slice(seq, end).flatMap(({ subject, headers, data }) => {
          const header = { get: (wanted: string) => headers.find(([key]) => key === wanted)?.[1] ?? '' }
          return eventOf({ header, subject, data })
        })
        return { events, seq: end, mark: markOf(messages[end - 1]) }
      }),
  }
}
