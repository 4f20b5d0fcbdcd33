import { crc32, deflateSync } from 'node:zlib'
import sharp from 'sharp'

type Wanted = {
  readonly width: number
  readonly height: number
  readonly kind?: 'jpeg' | 'png' | 'webp' | 'avif'
}

/** A picture of one colour. */
export async function newPicture({ width, height, kind = 'png' }: Wanted): Promise<Buffer> {
  const create = { width, height, channels: 3, background: { r: 200, g: 80, b: 20 } } as const
  return sharp({ create })
    [kind](kind === 'avif' ? { effort: 0 } : {})
    .toBuffer()
}

/** A black PNG of one bit a pixel, which is small however large it is. */
export function bombPng(width: number, height: number): Buffer {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head[8] = 1
  const rows = deflateSync(Buffer.alloc((1 + Math.ceil(width / 8)) * height), { level: 9 })
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
  return Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))])
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, sum])
}
