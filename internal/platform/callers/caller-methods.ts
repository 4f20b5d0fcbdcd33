/** The methods of the user service by which a service with an edge of its own knows who calls. */
export const callerMethods = ['readAccessToken', 'findApiKey', 'listEndings'] as const
