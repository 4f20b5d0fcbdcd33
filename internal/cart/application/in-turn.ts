export type InTurn = <Result>(key: string, work: () => Promise<Result>) => Promise<Result>

/**
 * Does the work for one key one after another, and that for others meanwhile. So many changes of one cart at once, which
 * all would find it changed by another, do not read it again and again. Other processes are kept apart by the version.
 */
export function inTurn(): InTurn {
  const last = new Map<string, Promise<unknown>>()
  return (key, work) => {
    const before = last.get(key) ?? Promise.resolve()
    const mine = before.then(work, work)
    last.set(key, mine)
    const end = (): void => {
      if (last.get(key) === mine) last.delete(key)
    }
    mine.then(end, end)
    return mine
  }
}
