import { createHash } from 'node:crypto'
import multipart, { type MultipartFile } from '@fastify/multipart'
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify'
import { Refusal } from '../../platform/refusal.ts'
import { uploadPlaces, uploadTooLarge } from '../upload-places.ts'
import { tooManyUploads } from './preset-drawer.ts'

/** A file that came with a request. As JSON it is its digest, by which a repeated request is recognised. */
export type Upload = { readonly bytes: Buffer; readonly toJSON: () => string }

export type UploadLimits = {
  /** Of a file. */
  readonly maxBytes: number
  /** Each is kept in memory while it is worked on. */
  readonly atOnce: number
}

/** The names, the lines between the parts and the other fields. */
const formBytes = 16 * 1024

/** The route is in a scope of its own, where the body is a form with one file. */
export function takeFile(app: FastifyInstance, route: RouteOptions, limits: UploadLimits): void {
  const takePlace = uploadPlaces(limits.atOnce, tooManyUploads)
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    await scope.register(multipart, { throwFileSizeLimit: true })
    scope.route({
      ...route,
      async preValidation(request, reply) {
        // What is not read is not waited for either.
        void reply.header('connection', 'close')
        if (!request.isMultipart()) throw notMultipart()
        if (Number(request.headers['content-length'] ?? 0) > limits.maxBytes + formBytes)
          throw uploadTooLarge()
        takePlace(reply)
        request.body = await readForm(request, limits)
        void reply.removeHeader('connection')
        // What stands behind the form. Unread, it would make the request late.
        request.raw.resume()
      },
    })
  })
}

/** The fields of the form. The name and the media type that the client gives the file are not looked at. */
async function readForm(request: FastifyRequest, { maxBytes }: UploadLimits): Promise<object> {
  const fields = new Map<string, unknown>()
  const bounds = {
    fileSize: maxBytes,
    files: 1,
    fields: 5,
    fieldSize: 8 * 1024,
    fieldNameSize: 100,
    parts: 6,
  }
  try {
    for await (const part of request.parts({ limits: { ...bounds, headerPairs: 20 } })) {
      const isFile = part.type === 'file'
      if (fields.has(part.fieldname) || (part.fieldname === 'file') !== isFile) throw malformed()
      const value = part.type === 'file' ? upload(await bytesOf(part)) : part.value
      fields.set(part.fieldname, value)
    }
  } catch (err) {
    throw refusalOf(err)
  }
  return Object.fromEntries(fields)
}

/** It is given up at the limit, not at the end of what comes. */
async function bytesOf(part: MultipartFile): Promise<Buffer> {
  const tooMuch = new Promise<never>((_resolve, reject) => {
    part.file.once('limit', () => reject(uploadTooLarge()))
  })
  return Promise.race([part.toBuffer(), tooMuch])
}

function upload(bytes: Buffer): Upload {
  const digest = createHash('sha256').update(bytes).digest('base64url')
  return { bytes, toJSON: () => digest }
}

function refusalOf(err: unknown): unknown {
  if (err instanceof Refusal) return err
  const { code, statusCode } = err as { readonly code?: string; readonly statusCode?: number }
  if (code === 'FST_REQ_FILE_TOO_LARGE') return uploadTooLarge()
  // Whatever else is wrong with a form, its author has made it so.
  return statusCode === undefined && !(err instanceof Error) ? err : malformed()
}

const malformed = (): Refusal =>
  new Refusal('invalid', 'request.malformed-form', 'the body is not a form with one file')

const notMultipart = (): Refusal =>
  new Refusal('invalid', 'request.unsupported-media-type', 'send the body as multipart/form-data')
