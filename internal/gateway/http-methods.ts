/** The methods that routes can have. HEAD comes with GET by itself. */
export const httpMethods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

export type HttpMethod = (typeof httpMethods)[number]
