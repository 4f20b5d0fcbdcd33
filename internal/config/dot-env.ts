import { parse } from 'dotenv'

/** A character that no `.env` holds, of Unicode's private use. */
const placeholder = '\uE000'

/**
 * The variables of a `.env` whose values dotenv cuts at a `#` without a blank before it: `PASSWORD=secret#1`. Most
 * programs take such a `#` for a part of the value. Whether dotenv does is found out by parsing the text once more with
 * another character in its place.
 */
export function cutValues(text: string): readonly string[] {
  const cut = parse(text)
  const whole = parse(text.replace(/(?<=[^\s#])#+/g, (signs) => placeholder.repeat(signs.length)))
  return Object.keys(whole).filter((name) => whole[name]?.replaceAll(placeholder, '#') !== cut[name])
}
