import { Alert, Button } from '@mantine/core'
import { useTexts } from '../texts/texts.ts'
import type { Field, Values } from './fields.ts'

type CollisionProps = {
  readonly fields: readonly Field[]
  readonly base: Values
  readonly mine: Values
  readonly theirs: Values
  readonly isBusy: boolean
  readonly onTake: () => void
  readonly onKeep: () => void
}

/** Somebody else has saved since this form was opened. */
export function Collision({ fields, base, mine, theirs, isBusy, onTake, onKeep }: CollisionProps) {
  const texts = useTexts().collision
  const changed = fields.filter(({ name }) => theirs[name] !== base[name] || mine[name] !== base[name])
  return (
    <Alert className="tinted" data-tone="warn" role="alert" title={texts.title}>
      <div className="stack">
        <p>{texts.text}</p>
        <table>
          <thead>
            <tr>
              <th scope="col">{texts.field}</th>
              <th scope="col">{texts.theirs}</th>
              <th scope="col">{texts.mine}</th>
            </tr>
          </thead>
          <tbody>
            {changed.map(({ name, label }) => (
              <tr key={name}>
                <th scope="row">{label}</th>
                <td>{theirs[name]}</td>
                <td>{mine[name]}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <div className="actions">
          <Button variant="default" onClick={onTake}>
            {texts.take}
          </Button>
          <Button loading={isBusy} onClick={onKeep}>
            {texts.keep}
          </Button>
        </div>
      </div>
    </Alert>
  )
}
