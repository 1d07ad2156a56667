import { defaults, Lexer, Tokenizer, type MarkedToken, type Tokens } from 'marked'

/** Quotes and lists inside one another. What is nested deeper is shown as it is written. */
const DEEPEST = 16

/** UTF-16 units of a paragraph; one that is longer is no prose, and is shown as it is written. */
const LONGEST_PARAGRAPH = 20_000

/** Characters of a paragraph that may begin or end something. Looking for their pairs takes the square of their number. */
const MOST_DELIMITERS = 800
const delimiters = /[*_~`[\]<]/g

/** Keeps an answer of ten thousand quotes in one another from ending in a stack overflow, here or when it is drawn. */
class BoundedTokenizer extends Tokenizer {
  private depth = 0

  override blockquote(source: string): Tokens.Blockquote | undefined {
    return this.deeper(() => super.blockquote(source))
  }

  override list(source: string): Tokens.List | undefined {
    return this.deeper(() => super.list(source))
  }

  private deeper<Token>(tokenize: () => Token | undefined): Token | undefined {
    if (this.depth === DEEPEST) return undefined
    this.depth += 1
    try {
      return tokenize()
    } finally {
      this.depth -= 1
    }
  }
}

function newLexer(): Lexer {
  return new Lexer<string, string>({
    ...defaults,
    gfm: true,
    breaks: true,
    tokenizer: new BoundedTokenizer(),
  })
}

/**
 * The blocks of a text, without what is in their lines; together their `raw` is the text. Line ends are `\n`.
 */
export function lexBlocks(text: string): MarkedToken[] {
  return newLexer().blockTokens(text) as MarkedToken[]
}

/** The blocks of a text and what is in their lines. Takes GitHub's markdown; a line end is a line end. HTML is text. */
export function lexMarkdown(text: string): MarkedToken[] {
  const lexer = newLexer()
  const blocks = lexer.blockTokens(text, lexer.tokens)
  for (const { src, tokens } of lexer.inlineQueue) {
    if (isProse(src)) lexer.inlineTokens(src, tokens)
    else tokens.push({ type: 'text', raw: src, text: src, escaped: true })
  }
  return blocks as MarkedToken[]
}

function isProse(line: string): boolean {
  if (line.length <= MOST_DELIMITERS) return true
  return line.length <= LONGEST_PARAGRAPH && (line.match(delimiters)?.length ?? 0) <= MOST_DELIMITERS
}
