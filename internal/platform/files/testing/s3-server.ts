import { CreateBucketCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import S3rver from 's3rver'

const key = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' } as const

/** A server that speaks S3 and keeps its buckets in a folder of its own. It cannot list more than a thousand objects. */
export async function openS3() {
  const directory = await mkdtemp(path.join(tmpdir(), 'tillstream-s3-'))
  const server = new S3rver({ port: 0, address: '127.0.0.1', silent: true, directory })
  mendFirstByte((server as unknown as { readonly store: Store }).store)
  const url = `http://127.0.0.1:${(await server.run()).port}`
  const client = new S3Client({ region: 'us-east-1', endpoint: url, forcePathStyle: true, credentials: key })
  return {
    ...{ url, key },
    async newBucket(name: string): Promise<string> {
      await client.send(new CreateBucketCommand({ Bucket: name }))
      return name
    },
    put: (bucket: string, name: string, text: string) =>
      client.send(new PutObjectCommand({ Bucket: bucket, Key: name, Body: text })),
    async keysIn(bucket: string): Promise<readonly string[]> {
      const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket }))
      return Contents.map(({ Key = '' }) => Key).sort()
    },
    async close(): Promise<void> {
      client.destroy()
      await server.close()
      await rm(directory, { recursive: true })
    },
  }
}

type Found = { content: Readable; range: object }
type Store = {
  getObject: (bucket: string, name: string, range?: { readonly end?: number }) => Promise<Found | null>
}

/** It takes the range 0-0 for the whole object. */
function mendFirstByte(store: Store): void {
  const getObject = store.getObject.bind(store)
  store.getObject = async (bucket, name, range) => {
    if (range?.end !== 0) return getObject(bucket, name, range)
    const found = await getObject(bucket, name, { ...range, end: 1 })
    if (!found) return found
    const [first] = await buffer(found.content)
    return Object.assign(found, {
      content: Readable.from([Buffer.from(first === undefined ? [] : [first])]),
      range: { start: 0, end: 0 },
    })
  }
}
