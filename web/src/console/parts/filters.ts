import { navigate, usePlace } from '../../shared/router.tsx'

/** The filters of a list are in its address, so that a link leads to what somebody saw. */
export function useFilters<Name extends string>(names: readonly Name[]) {
  const { path, query } = usePlace()
  const values = Object.fromEntries(
    names.flatMap((name) => {
      const value = query.get(name)
      return value === null || value === '' ? [] : [[name, value]]
    }),
  ) as Partial<Record<Name, string>> // the keys are `names`
  function set(changes: Partial<Record<Name, string | undefined>>): void {
    const next = new URLSearchParams(query)
    for (const [name, value] of Object.entries<string | undefined>(changes)) {
      if (value === undefined || value === '') next.delete(name)
      else next.set(name, value)
    }
    const text = next.toString()
    navigate(path + (text === '' ? '' : `?${text}`), { replaces: true, keepsScroll: true })
  }
  return { values, set, isAny: Object.keys(values).length > 0 }
}
