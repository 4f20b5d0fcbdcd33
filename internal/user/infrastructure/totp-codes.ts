import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'
import { generateSecret, generateURI, verifySync } from 'otplib'
import { Refusal } from '../../platform/refusal.ts'
import type { Codes } from '../application/second-factors.ts'

const issuer = 'Tillstream'
const keyBytes = 32
const nonceBytes = 12
const tagBytes = 16
/** A code that was made just before or after a step's end is good, and clocks of phones differ. */
const toleranceSeconds = 30
const recoveryCodes = 10
const recoveryBytes = 10

/** Without a secret nobody can set up a second factor. What the previous one has sealed is still read. */
export function totpCodes(secret: string, previousSecret = ''): Codes {
  const key = keyOf(secret)
  const keys = [key, keyOf(previousSecret)].filter((each) => each !== undefined)
  const openedByAny = (sealedSecret: string, of: string): string | undefined =>
    keys.map((each) => opened(each, sealedSecret, of)).find((shared) => shared !== undefined)
  return {
    newSecret: () => generateSecret(),
    uriOf: (shared, label) => generateURI({ issuer, label, secret: shared }),
    seal(shared, of) {
      if (!key)
        throw new Refusal(
          'unavailable',
          'second-factor.unavailable',
          'this shop has no SECOND_FACTOR_SECRET, so it keeps no second factors',
        )
      return sealedBy(key, shared, of)
    },
    sealedAnew(sealedSecret, of) {
      if (!key || opened(key, sealedSecret, of) !== undefined) return sealedSecret
      const shared = openedByAny(sealedSecret, of)
      return shared === undefined ? sealedSecret : sealedBy(key, shared, of)
    },
    stepOf(sealedSecret, of, code, at) {
      const shared = openedByAny(sealedSecret, of)
      if (shared === undefined || !/^\d{6}$/.test(code)) return undefined
      const epoch = Math.floor(at.getTime() / 1_000)
      const found = verifySync({ secret: shared, token: code, epoch, epochTolerance: toleranceSeconds })
      return found.valid && 'timeStep' in found ? found.timeStep : undefined
    },
    newRecoveryCodes: () =>
      Array.from({ length: recoveryCodes }, () =>
        randomBytes(recoveryBytes)
          .toString('hex')
          .replace(/(.{5})(?=.)/g, '$1-'),
      ),
    // They are random and long enough; people may leave the dashes away.
    hashOf: (code) =>
      createHash('sha256')
        .update(code.toLowerCase().replace(/[^0-9a-f]/g, ''))
        .digest('base64url'),
  }
}

const keyOf = (secret: string): Buffer | undefined =>
  secret === ''
    ? undefined
    : Buffer.from(hkdfSync('sha256', secret, '', 'tillstream second factor v1', keyBytes))

function sealedBy(key: Buffer, shared: string, of: string): string {
  const nonce = randomBytes(nonceBytes)
  // The account's id is a part of it, so that nobody gives an account the secret of another one.
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(of))
  const sealed = Buffer.concat([cipher.update(shared, 'utf8'), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url')
}

/** Undefined when another secret has sealed it: then only recovery codes are good. */
function opened(key: Buffer, sealedSecret: string, of: string): string | undefined {
  const sealed = Buffer.from(sealedSecret, 'base64url')
  const [nonce, tag] = [sealed.subarray(0, nonceBytes), sealed.subarray(nonceBytes, nonceBytes + tagBytes)]
  try {
    const cipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(of)).setAuthTag(tag)
    return Buffer.concat([cipher.update(sealed.subarray(nonceBytes + tagBytes)), cipher.final()]).toString(
      'utf8',
    )
  } catch {
    return undefined
  }
}
