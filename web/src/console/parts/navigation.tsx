import { Link, usePlace } from '../../shared/router.tsx'
import { places } from '../places.tsx'
import { useTexts } from '../texts/texts.ts'
import { useStaff } from './staff.ts'

/** What this person may see. */
export function Navigation({ onGo }: { readonly onGo?: () => void }) {
  const texts = useTexts()
  const { path } = usePlace()
  const { may } = useStaff()
  return (
    <nav aria-label={texts.navigation} className="navigation">
      {places.map(({ group, entries }) => {
        const open = entries.filter(({ permission }) => may(permission))
        if (open.length === 0) return null
        return (
          <div key={group} role="group" aria-labelledby={`nav-${group}`}>
            <p id={`nav-${group}`}>{texts.groups[group]}</p>
            <ul>
              {open.map(({ to, name }) => (
                <li key={to}>
                  <Link
                    to={to}
                    aria-current={isAt(path, to) ? 'page' : undefined}
                    {...(onGo ? { onClick: onGo } : {})}
                  >
                    {texts.places[name]}
                  </Link>
                </li>
              ))}
            </ul>
          </div>
        )
      })}
    </nav>
  )
}

const isAt = (path: string, to: string): boolean => path === to || (to !== '/' && path.startsWith(`${to}/`))
