import type { Socket } from 'node:net'
import { frame, type Framed } from './framing.ts'
import { refusalBytes } from './refusal-bytes.ts'
import type { Traffic, TrafficOf } from './traffic.ts'

/** Whether a request of this class gets a place on this connection. */
export type Admits = (traffic: Traffic, givesWay: boolean) => boolean

/**
 * How many of the requests that arrived together on a connection get a place during an overload: only the newest. The
 * older ones are late already, and working on them would make those behind them even later. It is two and not one, so
 * that the second is at hand as soon as the first is answered.
 */
const worthwhile = 2

/** So many refusals are written before it is looked whether the client reads them. */
const refusedAtOnce = 64

/**
 * Refuses what is not admitted at the beginning of the bytes, as far as there is room for the answers. `found` is what
 * comes next, and `from` is where it begins.
 */
export function refuseFrom(socket: Socket, bytes: Buffer, admits: Admits, trafficOf: TrafficOf) {
  let [refused, from] = [0, 0]
  for (;;) {
    if (socket.writableNeedDrain) return { refused, from, found: 'full' as const }
    const sifted = sift(bytes, from, admits, trafficOf)
    if (sifted.refused > 0) socket.write(refusalBytes(sifted.refused))
    refused += sifted.refused
    from = sifted.from
    if (sifted.next !== 'more') return { refused, from, found: sifted.next }
  }
}

/**
 * Counts the requests from `begin` on that are refused. `next` is the first that is not, and `from` is where it begins.
 * After `refusedAtOnce` there may be more.
 */
function sift(bytes: Buffer, begin: number, admits: Admits, trafficOf: TrafficOf) {
  /** Requests that were read ahead, only as many as are needed to judge the first of them. */
  const ahead: Framed[] = []
  let [refused, from] = [0, begin]
  let behind = frame(bytes, begin, trafficOf)
  for (;;) {
    for (
      ;
      typeof behind === 'object' && ahead.length <= worthwhile;
      behind = frame(bytes, behind.end, trafficOf, behind)
    )
      ahead.push(behind)
    const next = ahead.shift()
    if (!next) return { refused, from, next: behind }
    if (admits(next.traffic, ahead.length >= worthwhile)) return { refused, from, next }
    refused++
    from = next.end
    if (refused === refusedAtOnce) return { refused, from, next: 'more' as const }
  }
}
