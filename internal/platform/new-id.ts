import { randomFillSync } from 'node:crypto'
import { v7 } from 'uuid'

const bytesPerId = 16
/** Asking the system for randomness costs more than all the rest of an id: one question serves 256 of them. */
const pool = new Uint8Array(256 * bytesPerId)
let used = pool.length

let lastMs = 0
let sequence = 0

/** A UUIDv7: unique, and in the order of their making within a process. */
export function newId(): string {
  const random = takeRandom()
  const now = Date.now()
  if (now > lastMs) {
    lastMs = now
    // Leaves room to count up within the millisecond.
    sequence = new DataView(random.buffer, random.byteOffset).getUint32(0) >>> 1
  } else {
    sequence++
  }
  return v7({ random, msecs: lastMs, seq: sequence })
}

function takeRandom(): Uint8Array {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  used += bytesPerId
  return pool.slice(used - bytesPerId, used)
}
