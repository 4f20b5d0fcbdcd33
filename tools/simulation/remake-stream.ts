import type { StreamNow } from '../../internal/producer/domain/broker-stream.ts'
import type { Broker } from './broker.ts'

/**
 * As the port requires, this recreates only the stream that was seen, and only if it now ends before its last
 * sequence.
 */
export function remakeCutBack(broker: Broker, name: string, was: StreamNow): StreamNow | undefined {
  const stream = [...broker.streams().values()].find((each) => each.name === name)
  if (stream?.created !== was.created || stream.messages.length >= was.lastSeq) return undefined
  broker.faults.deleteStream(stream.name)
  return { created: broker.ensureStream(stream.name).created, lastSeq: 0n }
}
