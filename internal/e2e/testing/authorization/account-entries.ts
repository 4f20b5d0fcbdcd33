import type { Entries, Things } from './things.ts'

export const sessionEntries = ({
  address,
  newAccount,
  unknown,
  newSession,
  newAddress,
}: Things): Entries => ({
  'POST /users/register': { body: newAccount, is: [201, 201, 201, 201] },
  'POST /users/login': { body: () => ({ email: 'x@example.com', password: 'x' }), is: [401, 401, 401, 401] },
  'GET /auth/validate': { is: [401, 200, 200, 200] },
  'POST /auth/refresh': { body: () => ({ refreshToken: 'x' }), is: [401, 401, 401, 401] },
  'POST /auth/logout': { ends: true, is: [401, 204, 204, 204] },
  'POST /auth/password-reset': { body: () => ({ email: 'x@example.com' }), is: [202, 202, 202, 202] },
  'POST /auth/password-reset/confirm': {
    body: () => ({ token: 'x', newPassword: 'battery staple 9' }),
    is: [400, 400, 400, 400],
  },
  'POST /auth/email-verification': { is: [401, 202, 202, 202] },
  'POST /auth/email-verification/confirm': { body: () => ({ token: 'x' }), is: [400, 400, 400, 400] },
  'GET /auth/providers': { is: [200, 200, 200, 200] },
  'GET /auth/oidc/{provider}?returnTo=https://evil.example/': { id: () => 'local', is: [400, 400, 400, 400] },
  'GET /auth/oidc/{provider}/callback': { id: () => 'local', is: [400, 400, 400, 400] },
  'POST /auth/token': { body: () => ({ code: 'x' }), is: [401, 401, 401, 401] },
  'GET /users/me/identities': { is: [401, 200, 200, 200] },
  'DELETE /users/me/identities/{id}': { id: unknown, is: [401, 404, 404, 404] },
  'GET /users/me/addresses': { is: [401, 200, 200, 200] },
  'POST /users/me/addresses': { body: () => ({ address }), is: [401, 201, 201, 201] },
  'PATCH /users/me/addresses/{id}': {
    ...{ id: newAddress, body: () => ({ defaultDelivery: true }), is: [401, 200, 404, 404] },
  },
  'DELETE /users/me/addresses/{id}': { id: newAddress, is: [401, 204, 404, 404] },
  'GET /users/me/sessions': { is: [401, 200, 200, 200] },
  'DELETE /users/me/sessions/{id}': { id: newSession, is: [401, 204, 404, 404] },
  'POST /users/me/password': {
    body: () => ({ currentPassword: 'another', newPassword: 'battery staple 9' }),
    is: [401, 403, 403, 403],
  },
  'POST /users/me/second-factor': { is: [401, 201, 201, 201] },
  'POST /users/me/second-factor/confirm': { body: () => ({ code: '0' }), is: [401, 403, 403, 403] },
  // It was begun and not confirmed; a wrong code removes nothing.
  'DELETE /users/me/second-factor': { body: () => ({ code: '0' }), is: [401, 403, 403, 403] },
})

export const accountEntries = ({ account, unknown, newVictim }: Things): Entries => ({
  'GET /users/me': { is: [401, 200, 200, 200] },
  'GET /users/me/export': { is: [401, 200, 200, 200] },
  // Nobody is erased without the password, and no admin by themselves: erasure.campaign.test.ts.
  'DELETE /users/me': { body: () => ({ password: 'another' }), staffWith: 403, is: [401, 403, 403, 409] },
  'DELETE /admin/users/{id}': { id: newVictim, is: [401, 403, 403, 204] },
  'GET /users/me/notification-preferences': { is: [401, 200, 200, 200] },
  'PUT /users/me/notification-preferences': { body: () => ({ language: 'de' }), is: [401, 200, 200, 200] },
  // What is in a feed is shown to nobody else: notifications.e2e.test.ts.
  'GET /notifications': { is: [401, 200, 200, 200] },
  'GET /notifications/stream': { is: [401, 200, 200, 200] },
  'POST /notifications/{id}/read': { id: unknown, is: [401, 404, 404, 404] },
  'GET /notifications/unsubscribe?token=x': { is: [200, 200, 200, 200] },
  'POST /notifications/unsubscribe?token=x': { is: [400, 400, 400, 400] },
  'GET /admin/notifications': { is: [401, 403, 403, 200] },
  'POST /admin/notifications/{id}/retry': { id: unknown, is: [401, 403, 403, 404] },
  'PATCH /users/me': { body: () => ({ name: 'N' }), is: [401, 200, 200, 200] },
  'GET /admin/users': { is: [401, 403, 403, 200] },
  'PATCH /admin/users/{id}': {
    id: () => account.id,
    body: () => ({ role: 'customer' }),
    is: [401, 403, 403, 200],
    // A role is for admins to give.
    ...{ staffWith: 403, key: 403 },
  },
  'GET /users/{id}': { id: () => account.id, is: [401, 200, 403, 200] },
})
