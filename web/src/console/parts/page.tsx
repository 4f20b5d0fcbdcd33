import { useEffect, type ReactNode } from 'react'
import { Link } from '../../shared/router.tsx'

type PageProps = {
  readonly title: string
  /** One sentence about what the page is for. */
  readonly lead?: ReactNode
  readonly actions?: ReactNode
  readonly up?: { readonly to: string; readonly label: string }
  readonly children: ReactNode
}

export function Page({ title, lead, actions, up, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Tillstream`
  }, [title])
  return (
    <>
      <header className="page-head">
        <div>
          {up ? (
            <Link className="up" to={up.to}>
              ← {up.label}
            </Link>
          ) : null}
          <h1>{title}</h1>
          {lead === undefined ? null : <p className="quiet">{lead}</p>}
        </div>
        {actions === undefined ? null : <div className="actions">{actions}</div>}
      </header>
      {children}
    </>
  )
}

type PanelProps = {
  readonly title: string
  readonly actions?: ReactNode
  readonly children: ReactNode
}

export function Panel({ title, actions, children }: PanelProps) {
  return (
    <section className="panel">
      <header>
        <h2>{title}</h2>
        {actions === undefined ? null : <div className="actions">{actions}</div>}
      </header>
      {children}
    </section>
  )
}
