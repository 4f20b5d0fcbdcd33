/** What a domain function decided: the new state and the events that tell of it. They are stored together or not at all. */
export type Change<State, Event> = { readonly state: State; readonly events: readonly Event[] }
