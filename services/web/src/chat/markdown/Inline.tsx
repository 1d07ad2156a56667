import type { Token, Tokens } from 'marked'
import { Fragment, type ReactNode } from 'react'
import { decodeReferences } from './decodeReferences'
import { safeAddress } from './safeAddress'

export type InlineToken =
  | Tokens.Br
  | Tokens.Checkbox
  | Tokens.Codespan
  | Tokens.Del
  | Tokens.Em
  | Tokens.Escape
  | Tokens.HTML
  | Tokens.Image
  | Tokens.Link
  | Tokens.Strong
  | Tokens.Tag
  | Tokens.Text

/** What is in the lines of a block. */
export function Inline({ tokens = [] }: { tokens: Token[] | undefined }) {
  return (tokens as InlineToken[]).map((token, index) => <Fragment key={index}>{drawn(token)}</Fragment>)
}

function drawn(token: InlineToken): ReactNode {
  switch (token.type) {
    case 'text':
      if (token.tokens) return <Inline tokens={token.tokens} />
      return token.escaped ? token.text : decodeReferences(token.text)
    case 'escape':
      return token.text
    case 'codespan':
      return <code className="rounded-md bg-inset px-1 text-small">{token.text}</code>
    case 'strong':
      return (
        <strong>
          <Inline tokens={token.tokens} />
        </strong>
      )
    case 'em':
      return (
        <em>
          <Inline tokens={token.tokens} />
        </em>
      )
    case 'del':
      return (
        <del>
          <Inline tokens={token.tokens} />
        </del>
      )
    case 'br':
      return <br />
    case 'link':
      return (
        <SafeLink href={token.autolink ? token.href : decodeReferences(token.href)}>
          <Inline tokens={token.tokens} />
        </SafeLink>
      )
    case 'image':
      // Never loaded: an address that is asked for tells its owner that somebody reads.
      return <SafeLink href={decodeReferences(token.href)}>Image: {token.text || 'without a name'}</SafeLink>
    case 'checkbox':
      return <Checkbox isChecked={token.checked} />
    case 'html':
      return /^<br\s*\/?>$/i.test(token.raw) ? <br /> : token.raw
    default:
      return token satisfies never
  }
}

/** Leads out of the page, into a tab that knows nothing of it. To any other kind of address it is only its words. */
function SafeLink({ href, children }: { href: string; children: ReactNode }) {
  const address = safeAddress(href)
  if (address === undefined) return children
  return (
    <a
      href={address}
      title={address}
      target="_blank"
      rel="noopener noreferrer"
      className="text-accent underline underline-offset-2"
    >
      {children}
    </a>
  )
}

/** Of a list of things to do. */
function Checkbox({ isChecked }: { isChecked: boolean }) {
  return (
    <input
      type="checkbox"
      checked={isChecked}
      disabled
      aria-label={isChecked ? 'done' : 'to do'}
      className="mr-2 size-3.5 align-[-0.15em] accent-accent"
    />
  )
}
