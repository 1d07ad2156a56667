import { SourceMap } from 'node:module'
import { relative, resolve } from 'node:path'
import { SCRIPT, type FunctionBundle } from './bundleFunctions'

const PLACE = new RegExp(`${SCRIPT.replaceAll('.', '\\.')}:(\\d+):(\\d+)`)

/** Where in the sources something of a bundle is. Lines and columns count from 1; files as seen from the process's own folder. */
export class SourcePlaces {
  private readonly map: SourceMap | null

  constructor(
    private readonly functionsDir: string,
    { sourceMap }: Pick<FunctionBundle, 'sourceMap'>,
  ) {
    type Payload = ConstructorParameters<typeof SourceMap>[0]
    this.map = sourceMap === null ? null : new SourceMap(JSON.parse(sourceMap) as Payload)
  }

  /**
   * The lines of a stack that are in the sources, packages apart, each with its place there: `at handler (convex/chat.ts:9:5)`. Empty
   * without a source map.
   */
  framesOf(stack: string): string[] {
    return stack.split('\n').flatMap((frame) => {
      const place = PLACE.exec(frame)
      const source = place && this.sourceOf(Number(place[1]), Number(place[2]))
      return place && source !== null ? [frame.replace(place[0], source).trim()] : []
    })
  }

  private sourceOf(line: number, column: number): string | null {
    const entry = this.map?.findEntry(line - 1, column - 1)
    if (!entry || !('originalSource' in entry) || entry.originalSource.includes('node_modules/')) return null
    const file = relative(process.cwd(), resolve(this.functionsDir, entry.originalSource))
    return `${file}:${entry.originalLine + 1}:${entry.originalColumn + 1}`
  }
}

/** Of a frame, as `framesOf` answers it: `convex/chat.ts:9:5`. */
export function placeIn(frame: string): string {
  return /[^\s(]+:\d+:\d+/.exec(frame)?.[0] ?? frame
}

/** The stack of whatever was thrown; empty where there is none. */
export function stackOf(thrown: unknown): string {
  const { stack } = (thrown ?? {}) as { stack?: unknown }
  return typeof stack === 'string' ? stack : ''
}
