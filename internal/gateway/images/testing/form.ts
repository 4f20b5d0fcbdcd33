/** A part of a form as it is sent; with a file name it is a file. */
export type Part = {
  readonly name: string
  readonly bytes: Buffer | string
  readonly fileName?: string
  readonly type?: string
}

const boundary = '----a-line-between-parts'

export const formType = `multipart/form-data; boundary=${boundary}`

/** The body of a form, with the names exactly as they are given. */
export function formOf(parts: readonly Part[]): Buffer {
  const sent = parts.flatMap(({ name, bytes, fileName, type }) => {
    const file = fileName === undefined ? '' : `; filename="${fileName}"`
    const head = [`--${boundary}`, `Content-Disposition: form-data; name="${name}"${file}`]
    if (type !== undefined) head.push(`Content-Type: ${type}`)
    return [Buffer.from(`${head.join('\r\n')}\r\n\r\n`), Buffer.from(bytes), Buffer.from('\r\n')]
  })
  return Buffer.concat([...sent, Buffer.from(`--${boundary}--\r\n`)])
}

export const filePart = (bytes: Buffer | string, fileName = 'lamp.png'): Part => ({
  ...{ name: 'file', bytes, fileName, type: 'image/png' },
})
