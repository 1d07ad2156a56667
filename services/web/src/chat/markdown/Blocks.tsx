import type { MarkedToken, Token, Tokens } from 'marked'
import { Fragment, type ReactNode } from 'react'
import { CodeBlock } from './CodeBlock'
import { Inline, type InlineToken } from './Inline'
import { TableBlock } from './TableBlock'

type BlockToken = Exclude<MarkedToken, Tokens.ListItem | InlineToken> | Tokens.HTML | Tokens.Text

interface Props {
  tokens: Token[]
  /** Whether it ends with what is being written. */
  isEnd: boolean
}

/** Blocks below one another. */
export function Blocks({ tokens, isEnd }: Props) {
  const blocks = tokens as BlockToken[]
  const last = blocks.findLastIndex(({ type }) => type !== 'space' && type !== 'def')
  return blocks.map((token, index) => (
    <Fragment key={index}>{drawn(token, isEnd && index === last)}</Fragment>
  ))
}

function drawn(token: BlockToken, isEnd: boolean): ReactNode {
  const mark = isEnd ? 'writing' : ''
  switch (token.type) {
    case 'space':
    case 'def':
      return null
    case 'code':
      return <CodeBlock text={token.text} language={languageOf(token)} isEnd={isEnd} />
    case 'table':
      return <TableBlock table={token} />
    case 'list':
      return <List list={token} isEnd={isEnd} />
    case 'heading':
      return <Heading heading={token} mark={mark} />
    case 'hr':
      return <hr className="border-line" />
    case 'blockquote':
      return (
        <blockquote className="flex min-w-0 flex-col gap-3 border-l-2 border-line-strong pl-3 text-muted">
          <Blocks tokens={token.tokens} isEnd={isEnd} />
        </blockquote>
      )
    case 'paragraph':
    case 'text':
      return (
        <p className={`wrap-anywhere ${mark}`}>
          <Inline tokens={token.tokens ?? [token]} />
        </p>
      )
    case 'html':
      return <p className={`wrap-anywhere whitespace-pre-wrap ${mark}`}>{token.raw.trimEnd()}</p>
    default:
      return token satisfies never
  }
}

function languageOf({ lang = '' }: Tokens.Code): string {
  return /^\S*/.exec(lang)?.[0] ?? ''
}

/** Below the chat's own heading, whatever its depth. */
function Heading({ heading: { depth, tokens }, mark }: { heading: Tokens.Heading; mark: string }) {
  const Level = (['h2', 'h3', 'h4', 'h5', 'h6'] as const)[depth - 1] ?? 'h6'
  return (
    <Level className={`font-semibold wrap-anywhere ${depth <= 2 ? 'pt-1 text-title' : ''} ${mark}`}>
      <Inline tokens={tokens} />
    </Level>
  )
}

function List({ list: { ordered, start, loose, items }, isEnd }: { list: Tokens.List; isEnd: boolean }) {
  const Kind = ordered ? 'ol' : 'ul'
  return (
    <Kind
      {...(ordered && start !== 1 && { start: Number(start) })}
      className={`flex min-w-0 flex-col pl-6 marker:text-muted ${ordered ? 'list-decimal' : 'list-disc'} ${loose ? 'gap-2' : 'gap-1'}`}
    >
      {items.map((item, index) => (
        <Item key={index} item={item} isEnd={isEnd && index === items.length - 1} />
      ))}
    </Kind>
  )
}

/** What is to be done has its box in place of the bullet. */
function Item({ item: { task, tokens }, isEnd }: { item: Tokens.ListItem; isEnd: boolean }) {
  const [first, ...rest] = tokens
  const isBoxApart = first?.type === 'checkbox'
  const body = isBoxApart ? joined(first, rest) : tokens
  return (
    <li className={task ? '-ml-5.5 list-none' : ''}>
      <div className="flex min-w-0 flex-col gap-1.5">
        <Blocks tokens={body} isEnd={isEnd} />
      </div>
    </li>
  )
}

/** The box and the line that it belongs to. */
function joined(box: Token, [line, ...others]: Token[]): Token[] {
  const words = line && 'tokens' in line ? line.tokens : undefined
  if (words === undefined)
    return [{ type: 'text', raw: box.raw, tokens: [box] }, ...(line ? [line] : []), ...others]
  return [{ type: 'text', raw: box.raw, tokens: [box, ...words] }, ...others]
}
