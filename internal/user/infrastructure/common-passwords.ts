import { dictionary } from '@zxcvbn-ts/language-common'
import type { IsCommon } from '../domain/password.ts'

/**
 * The list that zxcvbn-ts keeps from published breaches: some 50,000, of which 18,000 are long enough for us. Only the
 * list is used, and not the score that zxcvbn computes with it.
 */
export function commonPasswords(): IsCommon {
  const common = new Set<string>(dictionary['passwords-common'])
  return (text) => common.has(text)
}
