import { isLoopback } from '../platform/host.ts'
import { Refusal } from '../platform/refusal.ts'

/**
 * An address to which a customer is sent back. It has to lie in one of the allowed origins; without any, in the shop's
 * own one, or on this machine where the shop is on it. Otherwise our answers could send people to a stranger's page.
 */
export function checkReturnUrl(url: string, own: string, allowed: readonly string[]): string {
  const origin = originOf(url)
  if (origin !== '' && (allowed.length > 0 ? allowed.includes(origin) : isNear(origin, own))) return url
  throw new Refusal(
    'invalid',
    'request.return-not-allowed',
    'customers can be sent back to allowed origins only; RETURN_ORIGINS names them',
  )
}

/** Empty for what no browser opens as a page; a `blob:` has the origin of its page. */
function originOf(url: string): string {
  if (!URL.canParse(url)) return ''
  const { protocol, origin } = new URL(url)
  return protocol === 'http:' || protocol === 'https:' ? origin : ''
}

const isNear = (origin: string, own: string): boolean =>
  origin === own || (isLocal(origin) && URL.canParse(own) && isLocal(own))

const isLocal = (origin: string): boolean => isLoopback(new URL(origin).hostname.replace(/^\[|\]$/g, ''))
