import { queryOptions } from '@tanstack/react-query'
import { createContext, use } from 'react'
import type { StaffUser, ValidateTokenResponses } from 'tillstream-sdk'
import { api } from '../session.ts'

export type Permission = StaffUser['permissions'][number]
export type Staff = ValidateTokenResponses[200]['user']

/** Whose session it is. The API checks every request by itself; the pages only leave out what it would refuse. */
export const staffQuery = queryOptions({
  queryKey: ['staff'],
  queryFn: async ({ signal }) => (await api().validateToken({ signal })).data.user,
  refetchInterval: 60_000,
})

const StaffContext = createContext<Staff | undefined>(undefined)
export const StaffProvider = StaffContext.Provider

export function useStaff(): Staff & {
  readonly may: (permission: Permission | 'admin' | undefined) => boolean
} {
  const staff = use(StaffContext)
  if (!staff) throw new Error('nobody is logged in here')
  const isAdmin = staff.role === 'admin'
  return {
    ...staff,
    may: (permission) =>
      isAdmin ||
      permission === undefined ||
      (permission !== 'admin' && (staff.permissions ?? []).includes(permission)),
  }
}
