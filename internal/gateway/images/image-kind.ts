export type ImageKind = 'jpeg' | 'png' | 'webp' | 'avif'

/**
 * Of most kinds a row is decoded at a time. An AVIF is decoded as a whole, which takes some 16 bytes for each of its pixels.
 */
export const maxPixels: Readonly<Record<ImageKind, number>> = {
  jpeg: 40_000_000,
  png: 40_000_000,
  webp: 40_000_000,
  avif: 12_000_000,
}

/** By the first bytes. The name of a file and its media type are what somebody says of it. */
export function imageKindOf(bytes: Buffer): ImageKind | undefined {
  const at = (from: number, to: number): string => bytes.toString('latin1', from, to)
  if (at(0, 3) === '\xff\xd8\xff') return 'jpeg'
  if (at(0, 8) === '\x89PNG\r\n\x1a\n') return 'png'
  if (at(0, 4) === 'RIFF' && at(8, 12) === 'WEBP') return 'webp'
  if (at(4, 8) === 'ftyp' && /^avi[fs]$/.test(at(8, 12))) return 'avif'
  return undefined
}
