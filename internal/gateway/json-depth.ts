const [quote, backslash] = [0x22, 0x5c]
const [openList, closeList, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d]

/**
 * Whether lists and objects lie deeper in each other than `most`. It looks at the bytes before anything parses them, so
 * that whatever reads the value afterwards may rely on a bounded depth. Bytes that are not JSON are left to the parser.
 */
export function isTooDeep(json: Buffer, most: number): boolean {
  let depth = 0
  for (let at = 0; at < json.length; at++) {
    const byte = json[at]
    if (byte === quote) at = endOfText(json, at)
    else if (byte === openList || byte === openObject) {
      if (++depth > most) return true
    } else if (byte === closeList || byte === closeObject) depth--
  }
  return false
}

/** The place of the quote that ends the text which begins at `from`. */
function endOfText(json: Buffer, from: number): number {
  let at = from + 1
  while (at < json.length && json[at] !== quote) at += json[at] === backslash ? 2 : 1
  return at
}
