/** How a URL is written whose user or password holds characters that would end it early. */
export const encodedUrl =
  'a URL in which these characters of the user and the password are percent-encoded: / as %2F, # as %23, ? as %3F, % as %25, @ as %40'

/**
 * True when the user or the password of the URL holds such a character as it is. The rest of the password is then
 * taken for a path, a query or a fragment, and with it comes the "@" that should have ended the password.
 */
export function isUnencoded(text: string): boolean {
  const [, rest] = /^[a-z][a-z0-9+.-]*:\/\/(.*)$/is.exec(text) ?? []
  if (rest === undefined) return false
  const authority = /^[^/?#]*/.exec(rest)?.[0] ?? ''
  return rest.includes('#') || rest.slice(authority.length).includes('@') || !canDecode(authority)
}

export function isUrl(text: string, protocols: readonly string[]): boolean {
  return URL.canParse(text) && protocols.includes(new URL(text).protocol) && !isUnencoded(text)
}

/** True when the URL ends with the name of a database. */
export function namesDatabase(text: string): boolean {
  const { pathname } = new URL(text)
  return (
    /^\/[^/]+$/.test(pathname) && canDecode(pathname) && isDatabaseName(decodeURIComponent(pathname.slice(1)))
  )
}

/**
 * The driver leaves these characters of a name encoded, and a URL loses a name of dots: another database would be looked
 * for.
 */
export const isDatabaseName = (name: string): boolean => !/[;/?:@&=+$,#]|^\.\.?$/.test(name)

function canDecode(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}
