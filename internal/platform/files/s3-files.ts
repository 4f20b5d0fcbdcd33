import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  NotFound,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3'
import type { Readable } from 'node:stream'
import { Refusal } from '../refusal.ts'
import { isFileName, requireFileName, type FileStore, type ListedFile } from './file-store.ts'

export type S3Options = {
  readonly bucket: string
  /** Empty: that of Amazon in the region. */
  readonly endpoint: string
  readonly region: string
  /** Empty: the machine's own, as Amazon's tools find them. */
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/** Before the name of each file, so that whatever else is in the bucket is neither listed nor removed. */
const prefix = 'images/'

/** An answer that does not come in this time is asked for again, three times in all. */
const timeouts = { connectionTimeout: 2_000, requestTimeout: 10_000 }
const maxAttempts = 3

/** Files in a bucket of Amazon S3, or of a server that speaks as it does. An object is there as a whole or not at all. */
export function s3Files(options: S3Options): FileStore {
  const client = new S3Client(configOf(options))
  const placeOf = (name: string) => ({ Bucket: options.bucket, Key: `${prefix}${requireFileName(name)}` })
  return {
    async put(name, bytes) {
      const place = placeOf(name)
      await asking(client.send(new PutObjectCommand({ ...place, Body: bytes, ContentLength: bytes.length })))
    },
    async find(name) {
      const place = placeOf(name)
      const found = await asking(unlessMissing(client.send(new HeadObjectCommand(place))))
      if (found?.ContentLength === undefined) return undefined
      return {
        bytes: found.ContentLength,
        async read(range) {
          const Range = range ? `bytes=${range.first}-${range.last}` : undefined
          const read = await asking(unlessMissing(client.send(new GetObjectCommand({ ...place, Range }))))
          // In Node the body is a stream of Node's.
          return read?.Body as Readable | undefined
        },
      }
    },
    async remove(names) {
      for (const place of names.map(placeOf))
        await asking(unlessMissing(client.send(new DeleteObjectCommand(place))))
    },
    list: () => listObjects(client, options.bucket),
  }
}

function configOf({ endpoint, region, accessKeyId, secretAccessKey }: S3Options): S3ClientConfig {
  return {
    region,
    // Servers other than Amazon's have no host for each bucket, and know no checksums behind a body.
    ...(endpoint === '' ? {} : { endpoint, forcePathStyle: true }),
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    ...(accessKeyId === '' ? {} : { credentials: { accessKeyId, secretAccessKey } }),
    ...{ maxAttempts, requestHandler: timeouts },
  }
}

async function* listObjects(client: S3Client, bucket: string): AsyncGenerator<ListedFile> {
  let after: string | undefined
  do {
    const asked = { Bucket: bucket, Prefix: prefix, ContinuationToken: after }
    const page = await asking(client.send(new ListObjectsV2Command(asked)))
    for (const { Key = '', LastModified } of page.Contents ?? []) {
      const name = Key.slice(prefix.length)
      if (isFileName(name) && LastModified) yield { name, changedAt: LastModified }
    }
    after = page.NextContinuationToken
  } while (after !== undefined)
}

async function unlessMissing<Answer>(work: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await work
  } catch (err) {
    if (err instanceof NoSuchKey || err instanceof NotFound) return undefined
    throw err
  }
}

/** A server that is away or busy is an outage. What else it refuses, such as a wrong key, is a fault of ours. */
async function asking<Answer>(work: Promise<Answer>): Promise<Answer> {
  try {
    return await work
  } catch (err) {
    if (!isOutage(err)) throw err
    throw new Refusal('unavailable', 'image.storage-unavailable', 'the images are out of reach; try again')
  }
}

/** Such as ECONNREFUSED. Node's own, of wrong arguments, begin with ERR_. */
const systemCode = /^E[A-Z]+$/

function isOutage(err: unknown): boolean {
  const { $metadata, code, name } = err as {
    readonly $metadata?: { readonly httpStatusCode?: number }
    readonly code?: unknown
    readonly name?: unknown
  }
  const status = $metadata?.httpStatusCode
  if (status !== undefined) return status >= 500 || status === 429
  // What the system says of a connection has a code, and what took too long a name.
  return (typeof code === 'string' && systemCode.test(code)) || name === 'TimeoutError'
}
