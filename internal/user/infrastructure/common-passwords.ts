import type * as LanguageCommon from '@zxcvbn-ts/language-common'
import { createRequire } from 'node:module'
import type { IsCommon } from '../domain/password.ts'

const require = createRequire(import.meta.url)

/**
 * The list that zxcvbn-ts keeps from published breaches: some 50,000, of which 18,000 are long enough for us. Only the
 * list is used, and not the score that zxcvbn computes with it. It is loaded where it is asked for: it takes megabytes, and
 * every process knows the settings of this service.
 */
export function commonPasswords(): IsCommon {
  const { dictionary } = require('@zxcvbn-ts/language-common') as typeof LanguageCommon
  const common = new Set<string>(dictionary['passwords-common'])
  return (text) => common.has(text)
}
