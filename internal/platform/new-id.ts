import { randomFillSync } from 'node:crypto'
import { v7 } from 'uuid'

const bytesPerId = 16
/** Random bytes for 256 ids are fetched at once, because asking the system costs more than the rest of making an id. */
const pool = new Uint8Array(256 * bytesPerId)
let used = pool.length

let lastMs = 0
let sequence = 0

/** A UUIDv7. The ids of one process sort in the order in which they were made. */
export function newId(): string {
  const random = takeRandom()
  const now = Date.now()
  if (now > lastMs) {
    lastMs = now
    // The shift leaves room to count up within the millisecond.
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
