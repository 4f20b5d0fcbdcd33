import { cp, open, readdir, rm, stat, truncate } from 'node:fs/promises'
import path from 'node:path'
import { NotExercised } from '../not-exercised.ts'
import type { Fault, Field } from '../field.ts'
import { waitFor } from '../wait.ts'
import { durableOf, withManager } from './broker-access.ts'
import { pidOf } from './process-faults.ts'

const backWithinMs = 30_000
const victimStreams = ['ORDERS', 'STOCK'] as const

/**
 * Wipes the store while messages are being handled. Their late acknowledgements must not acknowledge messages of the
 * new store.
 */
export const wipeStore: Fault = async (field) => {
  await pidOf(field.nats)
  const before = await createdOf(field, 'ORDERS')
  const unacked = await withManager(field.natsUrl, (manager) =>
    waitFor(
      'a message that is delivered and not acknowledged',
      20_000,
      async () => (await durableOf(manager)).num_ack_pending || undefined,
      3,
    ),
  )
  await field.nats.end('SIGKILL')
  await emptyStore(field)
  await field.nats.start()
  await madeAnew(field, 'ORDERS', before)
  return `${unacked} messages were unacknowledged; ORDERS of ${before} was created again`
}

export const putOldStoreBack: Fault = async (field) => {
  const copy = path.join(field.dir, 'old-store')
  try {
    await pidOf(field.nats)
    await field.nats.end('SIGTERM')
    await cp(field.nats.storeDir, copy, { recursive: true })
    await field.nats.start()
    const copied = await lastSeqOf(field)
    const reached = await waitFor('twenty more events', 30_000, async () => {
      const now = await lastSeqOf(field)
      return now >= copied + 20 && now
    })
    await field.nats.end('SIGKILL')
    await emptyStore(field)
    await cp(copy, field.nats.storeDir, { recursive: true })
    await field.nats.start()
    return `ORDERS went back from sequence ${reached} to ${copied}`
  } finally {
    await field.nats.start()
    await rm(copy, { recursive: true, force: true })
  }
}

export const flipBit: Fault = (field, random) =>
  damage(field, random.pick(victimStreams), async (file, size) => {
    const at = random.integer(0, size - 1)
    const handle = await open(file, 'r+')
    try {
      const byte = Buffer.alloc(1)
      await handle.read(byte, 0, 1, at)
      byte.writeUInt8(byte.readUInt8() ^ (1 << random.integer(0, 7)))
      await handle.write(byte, 0, 1, at)
    } finally {
      await handle.close()
    }
    return `a bit of byte ${at} of ${size} was flipped`
  })

export const cutBlock: Fault = (field, random) =>
  damage(field, random.pick(victimStreams), async (file, size) => {
    const left = random.integer(Math.floor(size / 4), size - 1)
    await truncate(file, left)
    return `of ${size} bytes ${left} were left`
  })

/** Damages a file while the server is down, as a disk would. */
async function damage(
  field: Field,
  stream: string,
  harm: (file: string, size: number) => Promise<string>,
): Promise<string> {
  await pidOf(field.nats)
  await holdsEvents(field, stream)
  await field.nats.end('SIGKILL')
  try {
    const { file, size } = await lastBlockOf(field, stream)
    return `${stream} ${path.basename(file)}: ${await harm(file, size)}`
  } finally {
    await field.nats.start()
  }
}

/** The last block of the stream that is not empty. A block that was begun a moment ago is still empty. */
async function lastBlockOf({ nats }: Field, stream: string) {
  const files = await readdir(nats.storeDir, { recursive: true })
  const number = (file: string): number => Number.parseInt(path.basename(file), 10)
  const blocks = files
    .filter((file) => file.includes(path.join('streams', stream, 'msgs')) && file.endsWith('.blk'))
    .sort((a, b) => number(b) - number(a))
  for (const block of blocks) {
    const file = path.join(nats.storeDir, block)
    const { size } = await stat(file)
    if (size > 1) return { file, size }
  }
  throw new NotExercised(`${stream} has nothing in its blocks`)
}

export const deleteStream: Fault = async (field, random) => {
  const name = random.pick(victimStreams)
  await pidOf(field.nats)
  const before = await createdOf(field, name)
  await withManager(field.natsUrl, (manager) => manager.streams.delete(name))
  await madeAnew(field, name, before)
  return `${name} of ${before} was deleted and created again`
}

export const deleteConsumer: Fault = async (field) => {
  await pidOf(field.nats)
  const { name, created } = await withManager(field.natsUrl, async (manager) => {
    const durable = await waitFor('a durable', 20_000, () => durableOf(manager))
    await manager.consumers.delete('ORDERS', durable.name)
    return durable
  })
  await waitFor('the durable is created again', backWithinMs, () =>
    withManager(field.natsUrl, async (manager) => (await durableOf(manager)).created !== created),
  )
  return `${name} of ${created} was deleted and created again`
}

export const useNewerNats: Fault = async ({ nats }) => {
  if (!nats.useNewer) throw new NotExercised('no other nats-server is at hand')
  await pidOf(nats)
  await nats.end('SIGTERM')
  const version = await nats.useNewer()
  await nats.start()
  return `the store is ${version}'s now`
}

/** Empties the folder but does not remove it, because it may be a mounted disk. */
async function emptyStore({ nats }: Field): Promise<void> {
  for (const name of await readdir(nats.storeDir))
    await rm(path.join(nats.storeDir, name), { recursive: true, force: true })
}

const createdOf = (field: Field, stream: string): Promise<string> =>
  waitFor(`${stream} is there`, backWithinMs, () =>
    withManager(field.natsUrl, async (manager) => (await manager.streams.info(stream)).created),
  )

async function madeAnew(field: Field, stream: string, before: string): Promise<void> {
  await waitFor(`${stream} is created again`, backWithinMs, () =>
    withManager(field.natsUrl, async (manager) => (await manager.streams.info(stream)).created !== before),
  )
}

/** Waits until the stream has events, because another fault may just have emptied it. */
const holdsEvents = (field: Field, stream: string): Promise<unknown> =>
  waitFor(`${stream} holds events`, backWithinMs, () =>
    withManager(field.natsUrl, async (manager) => (await manager.streams.info(stream)).state.messages >= 20),
  )

const lastSeqOf = (field: Field): Promise<number> =>
  waitFor('ORDERS is there', backWithinMs, () =>
    withManager(field.natsUrl, async (manager) => (await manager.streams.info('ORDERS')).state.last_seq),
  )
