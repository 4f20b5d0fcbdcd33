import { lazy, type ComponentType } from 'react'

type Loading<Props, Name extends string> = () => Promise<Readonly<Record<Name, ComponentType<Props>>>>

/** Every page is loaded when somebody goes there. */
function lazily<Props, Name extends string>(load: Loading<Props, Name>, name: Name): ComponentType<Props> {
  return lazy(async () => {
    const loaded: ComponentType<Props> = (await load())[name]
    return { default: loaded }
  }) as ComponentType<Props> // React's type asks for the props of a type that is not known yet
}

export const page = <Name extends string>(load: Loading<object, Name>, name: Name): ComponentType =>
  lazily(load, name)

export type OfId = { readonly id: string }
export const pageOf = <Name extends string>(load: Loading<OfId, Name>, name: Name): ComponentType<OfId> =>
  lazily(load, name)
