import { parsed, secret, text, url, type ValuesOf } from '../settings.ts'

/** Where the files of images are. The gateway writes and shows them, the inventory service deletes them: both are told the same. */
export const imageStoreSettings = {
  imagesDir: text(
    'IMAGES_DIR',
    '',
    'The folder that keeps the uploaded images of products. The gateway and the inventory service share it. Empty: no images can be uploaded; `npm start` takes `images` in DATA_DIR. It has no effect with IMAGES_S3_BUCKET.',
  ),
  imagesS3Bucket: parsed(
    'IMAGES_S3_BUCKET',
    { fallback: '', expected: 'the name of a bucket', parse: bucketName },
    'The bucket of S3 that keeps the uploaded images instead, below `images/`. The gateway and the inventory service need to read, write and delete there, and to list it; the consumer lists it for the audit.',
  ),
  imagesS3Endpoint: url(
    'IMAGES_S3_ENDPOINT',
    ['http:', 'https:'],
    "The address of a server other than Amazon's that speaks S3. Empty: Amazon's in IMAGES_S3_REGION.",
  ),
  imagesS3Region: text('IMAGES_S3_REGION', 'us-east-1', 'The region of the bucket.'),
  imagesS3AccessKeyId: secret(
    'IMAGES_S3_ACCESS_KEY_ID',
    { minBytes: 1 },
    "The id of the key for the bucket. Empty: that of the machine, as Amazon's tools find it.",
  ),
  imagesS3SecretAccessKey: secret('IMAGES_S3_SECRET_ACCESS_KEY', { minBytes: 1 }, 'The key of that id.'),
} as const

type Values = ValuesOf<typeof imageStoreSettings>

/** Without a bucket the images are in the folder, or nowhere. */
export type ImageStoreValues = Pick<Values, 'imagesDir'> & Partial<Omit<Values, 'imagesDir'>>

function bucketName(name: string): string {
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name)) throw new Error('it is no name of a bucket')
  return name
}

/** A key without its id opens nothing. */
export function imageStoreContradictions(values: ImageStoreValues): readonly string[] {
  const { imagesS3AccessKeyId: id = '', imagesS3SecretAccessKey: key = '' } = values
  if ((id === '') === (key === '')) return []
  return ['IMAGES_S3_ACCESS_KEY_ID and IMAGES_S3_SECRET_ACCESS_KEY must be set together']
}
