import { useEffect, type ReactNode } from 'react'
import { session } from '../../shared/api.ts'
import { navigate, usePlace } from '../../shared/router.tsx'
import { useStore } from '../../shared/store.ts'

/** Leads everybody else to the login, and from there back here. */
export function OnlyLoggedIn({ children }: { readonly children: ReactNode }) {
  const isLoggedIn = useStore(session) !== undefined
  const { path } = usePlace()
  useEffect(() => {
    if (!isLoggedIn) navigate(`/login?to=${encodeURIComponent(path)}`, { replaces: true })
  }, [isLoggedIn, path])
  return isLoggedIn ? children : null
}
