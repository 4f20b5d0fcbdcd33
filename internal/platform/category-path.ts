import { textKey } from './search-text.ts'
import { tidy } from './text.ts'

// A category is named by its path: the names of those above it and its own, such as kitchen/teapots. What is written so by
// people has blanks around names and slashes too many, which mean nothing.

const separator = '/'

/** The names of a path as people write it, from the root on. There are none when nothing of it is a name. */
export const categoryNames = (path: string): readonly string[] =>
  path
    .split(separator)
    .map(tidy)
    .filter((name) => textKey(name) !== '')

export const categoryPath = (names: readonly string[]): string => names.join(separator)

/** Equal for what people take for the same path: in any case and in any form of Unicode. */
export const categoryKey = (path: string): string => categoryPath(categoryNames(path).map(textKey))

/** Whether the key is that of a category or of one below it. */
export const isWithin = (key: string, above: string): boolean =>
  key === above || key.startsWith(above + separator)

/** The paths of the categories above this one, from the root on. */
export function pathsAbove(path: string): readonly string[] {
  const names = categoryNames(path)
  return names.slice(1).map((_, at) => categoryPath(names.slice(0, at + 1)))
}
