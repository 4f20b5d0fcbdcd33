// The root tests of the files that share a process, by the file's URL.

const roots = new Map()

export function giveRoot(url, test) {
  roots.set(url, test)
}

export function rootOf(url) {
  return roots.get(url)
}
