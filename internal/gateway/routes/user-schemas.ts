import { Type, type Static } from 'typebox'
import type { UserSchema } from '../../gen/user/v1/user_pb.ts'
import { isPermission, permissions } from '../../platform/permissions.ts'
import type { Role as RoleName } from '../../platform/call.ts'
import type { Wire } from '../../platform/wire.ts'
import { userText } from '../limits.ts'
import { named, pageQuery, Time, Uuid } from '../schemas.ts'

const Role = Type.Enum(['customer', 'staff', 'admin'])

const Permissions = Type.Array(Type.Enum([...permissions]), {
  maxItems: permissions.length,
  description: 'What staff may do; admins may everything',
})

export const User = named(
  'User',
  Type.Object({
    id: Uuid,
    username: Type.String(),
    email: Type.String(),
    emailVerified: Type.Boolean({ description: 'The address was shown to be theirs' }),
    secondFactor: Type.Boolean({ description: 'Logins need a code' }),
    role: Role,
    name: Type.String(),
    phone: Type.String(),
    address: Type.String(),
    createdAt: Time,
    updatedAt: Time,
  }),
)

export const StaffUser = named(
  'StaffUser',
  Type.Object({
    ...User.properties,
    permissions: Permissions,
    blocked: Type.Boolean({ description: 'Nobody logs in to it' }),
  }),
)

export const ListUsersQuery = Type.Object(
  {
    q: Type.Optional(Type.String({ minLength: 1, maxLength: userText.login })),
    role: Type.Optional(Role),
    ...pageQuery,
  },
  { additionalProperties: false },
)

export const AccessBody = Type.Object(
  {
    role: Type.Optional(Role),
    permissions: Type.Optional(Permissions),
    blocked: Type.Optional(Type.Boolean()),
    secondFactor: Type.Optional(
      Type.Literal(false, { description: 'Removes it, for who has lost the app and the recovery codes' }),
    ),
  },
  { additionalProperties: false, minProperties: 1 },
)

// Blanks around them do not count.
const Email = Type.String({
  maxLength: userText.login,
  pattern: '^\\s*[^\\s@]+@[^\\s@]+\\s*$',
  description: 'An e-mail address',
})
const Username = Type.String({
  minLength: 3,
  maxLength: userText.username,
  pattern: '^\\s*[A-Za-z0-9][A-Za-z0-9._-]*\\s*$',
})

const profile = {
  name: Type.Optional(Type.String({ maxLength: userText.name })),
  phone: Type.Optional(Type.String({ maxLength: userText.phone })),
  address: Type.Optional(Type.String({ maxLength: userText.address })),
}

export const NewPassword = Type.String({
  maxLength: userText.password,
  description: '8 to 72 bytes of UTF-8 in NFKC, without blanks around it',
})

export const RegisterBody = Type.Object(
  {
    username: Username,
    email: Email,
    password: NewPassword,
    ...profile,
  },
  { additionalProperties: false },
)

export const ProfileBody = Type.Object(profile, { additionalProperties: false })

export const TokenUser = Type.Object({
  user: Type.Object({ id: Uuid, email: Type.String(), role: Role, permissions: Type.Optional(Permissions) }),
})

export function userBody(user: Wire<typeof UserSchema>): Static<typeof User> {
  const { id, username, email, emailVerified, secondFactor, name, phone, address } = user
  const { createdAt, updatedAt } = user
  const role = user.role as RoleName // the service's own
  const account = { id, username, email, emailVerified, secondFactor, role }
  return { ...account, name, phone, address, createdAt, updatedAt }
}

export const staffUserBody = (user: Wire<typeof UserSchema>): Static<typeof StaffUser> => ({
  ...{ blocked: user.blocked, permissions: user.permissions.filter(isPermission) },
  ...userBody(user),
})
