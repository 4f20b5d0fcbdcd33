import type { JsMsg } from '@nats-io/jetstream'
import type { Durable } from '../../internal/consumer/infrastructure/message-source.ts'
import type { ArmedFaults } from './armed-faults.ts'
import type { Broker } from './broker.ts'
import type { Handed, Header } from './jetstream.ts'
import { latencyOf, type Process } from './process.ts'
import type { World } from './world.ts'

/** A process that uses the broker. */
export type BrokerClient = {
  readonly world: World
  readonly broker: Broker
  readonly faults: ArmedFaults
  readonly process: Process
}

const bufferedMs = 250
const lateAckMs = { min: 1_000, max: 12_000 }
const decoder = new TextDecoder()

/** The message as the client hands it out. Its acknowledgements may be lost, late, or stale. */
export function messageOf(
  client: BrokerClient,
  { stream, name }: Durable,
  { message, deliveries }: Handed,
): JsMsg {
  const { world, broker, faults, process } = client
  const { subject, seq, headers, data } = message
  const { server } = process
  // Nobody waits for this message. The client buffers it while the broker is away.
  function say(what: string, heard: () => void): void {
    if (!process.alive) return
    if (faults.strikes('dropped acknowledgement', process)) return
    const send = (ms: number): void =>
      void world.time.after(ms, () => {
        if (!process.alive) return
        if (!broker.isConnected(process)) {
          send(bufferedMs)
          return
        }
        world.tell(process.name, () => `${what} ${name} ${seq}`)
        if (process.server !== server) world.count('stale acknowledgement')
        heard()
      })
    const lateMs = faults.strikes('late acknowledgement', process)
      ? world.random('late acknowledgements').integer(lateAckMs.min, lateAckMs.max)
      : 0
    send(lateMs + latencyOf(world, process, 'acknowledgement'))
  }
  const written: Partial<JsMsg> = {
    subject,
    seq,
    data,
    headers: headersOf(headers),
    json: () => JSON.parse(decoder.decode(data)) as never,
    ack: () => say('acks', () => broker.acknowledge(stream, name, seq)),
    term: () => say('terms', () => broker.acknowledge(stream, name, seq)),
    nak: (delayMs = 0) => say('naks', () => broker.delay(stream, name, seq, delayMs)),
    info: {
      stream,
      consumer: name,
      deliveryCount: deliveries,
      domain: '',
      streamSequence: seq,
      deliverySequence: seq,
      timestampNanos: 0,
      pending: 0,
      redelivered: deliveries > 1,
    },
  }
  return written as JsMsg // the part that our code uses
}

function headersOf(headers: readonly Header[]): JsMsg['headers'] {
  const valuesOf = (wanted: string) => headers.filter(([name]) => name === wanted).map(([, value]) => value)
  const read = {
    get: (name: string) => valuesOf(name)[0] ?? '',
    values: valuesOf,
    keys: () => [...new Set(headers.map(([name]) => name))],
  }
  return read as unknown as JsMsg['headers'] // as above
}
