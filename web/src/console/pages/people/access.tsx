import { Checkbox, NativeSelect } from '@mantine/core'
import { useState } from 'react'
import type { ChangeAccessData, StaffUser } from 'tillstream-sdk'
import { ActButton } from '../../parts/act-button.tsx'
import { useAct } from '../../parts/act.ts'
import { api } from '../../session.ts'
import { useTexts } from '../../texts/texts.ts'
import { PermissionBoxes } from './permission-boxes.tsx'
import { chosenIn } from './permissions.ts'

type Role = StaffUser['role']

export function Access({ user }: { readonly user: StaffUser }) {
  const { people: texts, roles } = useTexts()
  const [role, setRole] = useState<Role>(user.role)
  const change = useAct({
    run: async (body: ChangeAccessData['body']) => api().changeAccess({ path: { id: user.id }, body }),
    done: texts.accessChanged(user.email),
  })
  return (
    <ActButton
      label={texts.access}
      about={user.email}
      title={`${texts.access}: ${user.email}`}
      size="xs"
      effect={texts.accessEffect}
      confirm={texts.accessConfirm}
      act={change}
      toInput={(given) => ({
        role,
        ...(role === 'staff' ? { permissions: chosenIn(given) } : {}),
        ...(given.forget === undefined ? {} : { secondFactor: false as const }),
      })}
    >
      <NativeSelect
        label={texts.role}
        value={role}
        onChange={({ currentTarget }) => setRole(currentTarget.value as Role)} // of the list
        data={Object.entries(roles).map(([value, label]) => ({ value, label }))}
        data-autofocus
      />
      {role === 'staff' ? <PermissionBoxes legend={texts.permissions} chosen={user.permissions} /> : null}
      {user.secondFactor ? <Checkbox name="forget" label={texts.forgetSecondFactor} /> : null}
    </ActButton>
  )
}
