import { readFileSync, statSync } from 'node:fs'

/** Secrets are short. A file that is larger is something else, and is not read. */
const maxBytes = 65_536

export type SecretFile = { readonly text: string } | { readonly problem: string }

/** Reads the one line that a secret's file holds. A problem completes "JWT_SECRET_FILE must …". */
export function readSecretFile(file: string): SecretFile {
  try {
    const { size, isFile } = statOf(file)
    if (!isFile) return { problem: 'must name a file, and this is none' }
    if (size > maxBytes) return { problem: 'must name a file that holds one line' }
    const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file)).replace(/\r?\n$/, '')
    if (text.trim() === '') return { problem: 'must name a file that holds the value; this one is empty' }
    if (/[\r\n]/.test(text)) return { problem: 'must name a file that holds one line' }
    return { text }
  } catch (err) {
    const code = err instanceof Error && 'code' in err ? String(err.code) : ''
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return { problem: 'must name a file of text in UTF-8' }
    return { problem: `must name a file that can be read (${code})` }
  }
}

function statOf(file: string): { readonly size: number; readonly isFile: boolean } {
  const stat = statSync(file)
  return { size: stat.size, isFile: stat.isFile() }
}
