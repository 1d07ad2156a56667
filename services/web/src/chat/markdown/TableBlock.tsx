import type { Tokens } from 'marked'
import { memo } from 'react'
import { scrollsByKeyboard } from '../../components/scrollsByKeyboard'
import { Inline } from './Inline'

const alignment = { left: 'text-left', center: 'text-center', right: 'text-right' }

/** A table that scrolls by itself where it is wider than the column. */
export function TableBlock({ table: { header, rows } }: { table: Tokens.Table }) {
  return (
    <div
      role="group"
      aria-label="Table"
      tabIndex={scrollsByKeyboard}
      className="max-w-full overflow-x-auto rounded-md border border-line -outline-offset-2"
    >
      <table className="w-full border-collapse text-small">
        <thead className="bg-inset">
          <Row cells={header} />
        </thead>
        <tbody>
          {rows.map((cells, index) => (
            <Row key={index} cells={cells} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** Drawn again only if what is written in it has changed. */
const Row = memo(function Row({ cells }: { cells: Tokens.TableCell[] }) {
  return (
    <tr className={cells[0]?.header === true ? '' : 'border-t border-line'}>
      {cells.map(({ tokens, header, align }, index) => {
        const Cell = header ? 'th' : 'td'
        return (
          <Cell
            key={index}
            {...(header && { scope: 'col' })}
            className={`px-3 py-1.5 align-top wrap-break-word ${alignment[align ?? 'left']} ${header ? 'font-semibold' : ''}`}
          >
            <Inline tokens={tokens} />
          </Cell>
        )
      })}
    </tr>
  )
}, areSame)

/** The same words can turn into a link when its address is defined. */
function areSame(before: { cells: Tokens.TableCell[] }, after: { cells: Tokens.TableCell[] }): boolean {
  const areAlike = (one: Tokens.TableCell, other: Tokens.TableCell | undefined) =>
    one.text === other?.text &&
    one.tokens.length === other.tokens.length &&
    one.tokens.every(({ type }, index) => type === other.tokens[index]?.type)
  return (
    before.cells.length === after.cells.length &&
    before.cells.every((cell, index) => areAlike(cell, after.cells[index]))
  )
}
