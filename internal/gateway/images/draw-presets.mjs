// This file is plain JavaScript, because a worker thread starts without the loader for TypeScript.
import sharp from 'sharp'

// What is read once is not read again, and one image is worked on at a time, by one thread.
sharp.cache(false)
sharp.concurrency(1)

// libvips reads many formats, SVG and PDF among them. None but these is ever tried, whatever the bytes look like.
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({
  operation: [
    'VipsForeignLoadJpegBuffer',
    'VipsForeignLoadPngBuffer',
    'VipsForeignLoadWebpBuffer',
    'VipsForeignLoadHeifBuffer',
  ],
})

/** Longer than the slowest image that is allowed takes on a slow machine. */
const timeoutSeconds = 60

/**
 * Draws the pixels anew, upright and in sRGB. Nothing else of the file is kept: no EXIF, no profile, no further frames,
 * nothing that lies behind its end. Answers with the files from the largest to the smallest, or with what is wrong.
 */
export async function drawPresets({ bytes, sides, maxPixels }) {
  const options = { limitInputPixels: maxPixels, failOn: 'error', sequentialRead: true }
  try {
    const { width, height } = await sharp(bytes, { ...options, limitInputPixels: false }).metadata()
    if (width * height > maxPixels) return { refused: 'too-many-pixels' }
    const files = []
    let source = Buffer.from(bytes)
    for (const side of sides) {
      const { data, info } = await sharp(source, options)
        .autoOrient()
        .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
        .timeout({ seconds: timeoutSeconds })
        .webp({ quality: 82 })
        .toBuffer({ resolveWithObject: true })
      files.push({ bytes: data, width: info.width, height: info.height })
      // The smaller ones are made of it: what was uploaded is decoded once.
      source = data
    }
    return { files }
  } catch {
    return { refused: 'unreadable' }
  }
}
