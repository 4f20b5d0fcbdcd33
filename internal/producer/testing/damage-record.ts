import { readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'

/**
 * Flips a bit of the message id in the record of that event, in whichever of the stream's blocks it lies. The server must not
 * run. After SIGTERM it finds a hole there when it is started again. After `kill -9` it checks the last block: 2.10 and newer cut
 * the stream back to what lies before the damage, and 2.9 cuts it back to the damaged record, which stays as a hole.
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
