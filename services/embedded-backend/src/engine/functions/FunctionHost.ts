import { EmbeddedBackendError } from '../../errors'
import type { EngineOptions } from '../types'
import { bundleFunctions, type FunctionBundle } from './bundleFunctions'
import { createRealm, type RealmHost } from './createRealm'
import { logToFrame } from './Frame'
import { LoadedFunctions } from './LoadedFunctions'
import { placeIn, SourcePlaces, stackOf } from './SourcePlaces'
import type { RunningFunctions } from './RunningFunctions'

interface Loaded {
  functions: LoadedFunctions
  /** What the modules saw while they were evaluated. */
  seen: Seen
}

interface Seen {
  environment: ReadonlyMap<string, string>
  cloudUrl: string
  siteUrl: string
}

type Lent = Pick<RealmHost, 'syscall' | 'asyncSyscall'>

/**
 * The functions in force. Modules may read `process.env` while they are evaluated, so a change of the environment (or the
 * address becoming known) evaluates them again in a new realm; calls in progress end in the realm they began in.
 */
export class FunctionHost {
  private bundle: FunctionBundle | null = null
  private loaded: Loaded | null = null

  constructor(
    private readonly options: Pick<EngineOptions, 'functionsDir' | 'urls' | 'tellsPlaces'>,
    private readonly environment: () => ReadonlyMap<string, string>,
    private readonly lent: () => Lent,
    private readonly running: RunningFunctions,
    private readonly bundleFolder = bundleFunctions,
  ) {}

  current(): LoadedFunctions {
    const seen = this.visible()
    if (!this.loaded || !isSame(this.loaded.seen, seen)) {
      if (!this.bundle) throw new Error('No functions were loaded')
      this.loaded = { functions: this.evaluate(this.bundle), seen }
    }
    return this.loaded.functions
  }

  /** Bundles and evaluates the folder without putting it in force; `adopt` does. Throws FUNCTIONS_BROKEN. */
  async prepare(): Promise<{ functions: LoadedFunctions; adopt: () => void }> {
    const { functionsDir, tellsPlaces = false } = this.options
    const bundle = await this.bundleFolder(functionsDir, { withSourceMap: tellsPlaces })
    const seen = this.visible()
    const functions = this.evaluate(bundle)
    const adopt = () => {
      this.bundle = bundle
      this.loaded = { functions, seen }
    }
    return { functions, adopt }
  }

  /** Where the functions in force lie, and what they import. */
  folders(): readonly string[] {
    return this.bundle?.folders ?? []
  }

  /** Where in the sources something was thrown, the innermost frame first; empty unless the engine tells places. */
  framesOf(thrown: unknown): string[] {
    return this.bundle ? this.places(this.bundle).framesOf(stackOf(thrown)) : []
  }

  private places(bundle: FunctionBundle): SourcePlaces {
    return new SourcePlaces(this.options.functionsDir, bundle)
  }

  private evaluate(bundle: FunctionBundle): LoadedFunctions {
    try {
      return new LoadedFunctions(bundle, createRealm(this.realmHost()))
    } catch (error: unknown) {
      if (!(error instanceof EmbeddedBackendError)) throw error
      const { code, message, cause } = error
      const [innermost] = this.places(bundle).framesOf(stackOf(cause))
      throw innermost === undefined
        ? error
        : new EmbeddedBackendError(code, `${placeIn(innermost)}: ${message}`, { cause })
    }
  }

  private realmHost(): RealmHost {
    return {
      syscall: (operation, args) => this.lent().syscall(operation, args),
      asyncSyscall: (operation, args) => this.lent().asyncSyscall(operation, args),
      now: () => {
        const frame = this.running.current
        return frame && 'shared' in frame ? frame.shared.now : Date.now()
      },
      random: () => {
        const frame = this.running.current
        return frame && 'shared' in frame ? frame.shared.random() : Math.random()
      },
      environment: (name) => this.variable(name),
      assertInAction: (what) => {
        const kind = this.running.current?.kind
        if (kind === 'action' || kind === 'httpAction') return
        throw new Error(`Can't use ${what}() in queries and mutations. Please consider using an action.`)
      },
      log: (level, messages) => {
        const frame = this.running.current
        if (frame) logToFrame(frame, level, messages)
      },
    }
  }

  private variable(name: string): string | undefined {
    if (name === 'CONVEX_CLOUD_URL') return this.options.urls().cloudUrl
    if (name === 'CONVEX_SITE_URL') return this.options.urls().siteUrl
    return this.environment().get(name)
  }

  private visible(): Seen {
    return { environment: this.environment(), ...this.options.urls() }
  }
}

/** The map is replaced at every change, never changed itself. */
function isSame(a: Seen, b: Seen): boolean {
  return a.environment === b.environment && a.cloudUrl === b.cloudUrl && a.siteUrl === b.siteUrl
}
