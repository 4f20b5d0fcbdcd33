import { QueryErrorResetBoundary } from '@tanstack/react-query'
import { Component, type ReactNode } from 'react'

type Props = {
  readonly children: ReactNode
  /** What is shown in the place of a page that could not be. */
  readonly fault: (err: unknown, onAgain: () => void) => ReactNode
}
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
    return this.props.fault(failed.err, again)
  }
}

export function Boundary({ children, fault }: Props) {
  return (
    <QueryErrorResetBoundary>
      {({ reset }) => (
        <Catching onReset={reset} fault={fault}>
          {children}
        </Catching>
      )}
    </QueryErrorResetBoundary>
  )
}
