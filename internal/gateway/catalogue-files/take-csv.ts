import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { FastifyInstance, FastifyReply, RouteOptions } from 'fastify'
import { Refusal } from '../../platform/refusal.ts'
import { uploadPlaces, uploadTooLarge } from '../upload-places.ts'

/** A text that came with a request. It is on the disk, so that its length does not matter. */
export type CsvFile = { readonly open: () => Readable; readonly bytes: number }

export type CsvLimits = {
  readonly maxBytes: number
  readonly atOnce: number
}

/**
 * The route is in a scope of its own, where the body is text/csv. All of it is received before the first row is read,
 * because the server gives a request half a minute and the rows may need longer.
 */
export function takeCsv(app: FastifyInstance, route: RouteOptions, limits: CsvLimits): void {
  const takePlace = uploadPlaces(limits.atOnce, tooMany)
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('text/csv', (_request, payload, done) => done(null, payload))
    scope.route({
      ...route,
      async preValidation(request, reply) {
        // What is not read is not waited for either.
        void reply.header('connection', 'close')
        const { body } = request
        if (!(body instanceof Readable)) throw notCsv()
        if (Number(request.headers['content-length'] ?? 0) > limits.maxBytes) throw uploadTooLarge()
        takePlace(reply)
        const file = await newFile(reply)
        // A refusal ends the reading and not the request, whose answer is still to come.
        const chunks = body.iterator({ destroyOnReturn: false })
        const stored = pipeline(chunks, checkText(limits.maxBytes), createWriteStream(file))
        await stored.catch((err: unknown) => {
          throw request.raw.destroyed && !(err instanceof Refusal) ? brokenOff() : err
        })
        const { size: bytes } = await stat(file)
        const received: CsvFile = { open: () => createReadStream(file), bytes }
        request.body = received
        void reply.removeHeader('connection')
      },
    })
  })
}

/** It is gone when the answer is sent or the connection is lost. */
async function newFile({ raw }: FastifyReply): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'tillstream-import-'))
  const remove = (): void => void rm(folder, { recursive: true, force: true })
  if (raw.destroyed) remove()
  else raw.once('close', remove)
  return path.join(folder, 'rows.csv')
}

/** Refuses what is too large and what is no UTF-8, before any of it takes effect. */
function checkText(maxBytes: number): Transform {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let bytes = 0
  const check = (chunk: Buffer | undefined): Refusal | null => {
    bytes += chunk?.length ?? 0
    if (bytes > maxBytes) return uploadTooLarge()
    try {
      decoder.decode(chunk, { stream: chunk !== undefined })
      return null
    } catch {
      return notText()
    }
  }
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => done(check(chunk), chunk),
    flush: (done) => done(check(undefined)),
  })
}

/** Nobody is there to read it; it is no fault of ours, which a log would show. */
const brokenOff = (): Refusal => new Refusal('invalid', 'import.broken-off', 'the file did not come whole')

const notCsv = (): Refusal =>
  new Refusal('invalid', 'request.unsupported-media-type', 'send the file itself as text/csv')

const notText = (): Refusal =>
  new Refusal('invalid', 'import.not-utf-8', 'the file is not UTF-8; save it as CSV UTF-8')

const tooMany = (): Refusal =>
  new Refusal(
    'unavailable',
    'import.too-many',
    'other files are being imported; try again when they are done',
  )
