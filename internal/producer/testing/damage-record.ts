import { readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'

/**
 * Flips a bit of the message id in the record of this event. The server must not run meanwhile. If it was stopped by
 * SIGTERM, it finds a hole there at its next start. If it was killed (`kill -9`), it checks the last block at its next
 * start: from 2.10 on it cuts the stream back to what lies before the damage, and 2.9 cuts it back to the damaged
 * record, which stays as a hole.
 */
export async function damageRecord(storeDir: string, stream: string, eventId: string): Promise<void> {
  const dir = path.join(storeDir, 'jetstream', '$G', 'streams', stream, 'msgs')
  for (const name of (await readdir(dir)).filter((file) => file.endsWith('.blk'))) {
    const block = path.join(dir, name)
    const bytes = await readFile(block)
    const at = bytes.indexOf(`Nats-Msg-Id: ${eventId}`)
    if (at < 0) continue
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at)
    return writeFile(block, bytes)
  }
  throw new Error(`${eventId} is in no block of ${stream}`)
}
