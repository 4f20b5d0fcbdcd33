import { QueryErrorResetBoundary } from '@tanstack/react-query'
import { Component, type ReactNode } from 'react'
import { Fault } from './notices.tsx'

type Props = { readonly children: ReactNode }
type State = { readonly failed?: { readonly err: unknown } | undefined }

/** Shows what a page could not do in the place of the page. React has no function for this. */
// eslint-disable-next-line no-restricted-syntax
class Catching extends Component<Props & { readonly onReset: () => void }, State> {
  override state: State = {}

  static getDerivedStateFromError(err: unknown): State {
    return { failed: { err } }
  }

  override render() {
    const { failed } = this.state
    if (!failed) return this.props.children
    const again = (): void => {
      this.props.onReset()
      this.setState({ failed: undefined })
      // The files of a page that was built anew have other names.
      if (/dynamically imported module/i.test(String(failed.err))) location.reload()
    }
    return <Fault err={failed.err} onAgain={again} />
  }
}

export function Boundary({ children }: Props) {
  return (
    <QueryErrorResetBoundary>
      {({ reset }) => <Catching onReset={reset}>{children}</Catching>}
    </QueryErrorResetBoundary>
  )
}
