import type { FileStore } from './file-store.ts'
import type { ImageStoreValues } from './image-settings.ts'

/** Undefined when no place is set; a bucket comes before a folder. The code of a store is loaded only when it is used. */
export async function openImageStore(values: ImageStoreValues): Promise<FileStore | undefined> {
  const { imagesDir, imagesS3Bucket: bucket = '' } = values
  if (bucket !== '') {
    const { s3Files } = await import('./s3-files.ts')
    const { imagesS3Endpoint: endpoint = '', imagesS3Region: region = 'us-east-1' } = values
    const { imagesS3AccessKeyId: accessKeyId = '', imagesS3SecretAccessKey: secretAccessKey = '' } = values
    return s3Files({ bucket, endpoint, region, accessKeyId, secretAccessKey })
  }
  if (imagesDir === '') return undefined
  const { diskFiles } = await import('./disk-files.ts')
  return diskFiles(imagesDir)
}
