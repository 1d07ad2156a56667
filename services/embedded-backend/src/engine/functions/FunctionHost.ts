import type { EngineOptions } from '../types'
import { bundleFunctions, type FunctionBundle } from './bundleFunctions'
import { createRealm, type RealmHost } from './createRealm'
import { frames, logToFrame } from './Frame'
import { LoadedFunctions } from './LoadedFunctions'

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
    private readonly options: Pick<EngineOptions, 'functionsDir' | 'urls'>,
    private readonly environment: () => ReadonlyMap<string, string>,
    private readonly lent: () => Lent,
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
    const bundle = await this.bundleFolder(this.options.functionsDir)
    const seen = this.visible()
    const functions = this.evaluate(bundle)
    const adopt = () => {
      this.bundle = bundle
      this.loaded = { functions, seen }
    }
    return { functions, adopt }
  }

  private evaluate(bundle: FunctionBundle): LoadedFunctions {
    return new LoadedFunctions(bundle, createRealm(this.realmHost()))
  }

  private realmHost(): RealmHost {
    return {
      syscall: (operation, args) => this.lent().syscall(operation, args),
      asyncSyscall: (operation, args) => this.lent().asyncSyscall(operation, args),
      now: () => {
        const frame = frames.getStore()
        return frame && 'shared' in frame ? frame.shared.now : Date.now()
      },
      random: () => {
        const frame = frames.getStore()
        return frame && 'shared' in frame ? frame.shared.random() : Math.random()
      },
      environment: (name) => this.variable(name),
      assertInAction: (what) => {
        const kind = frames.getStore()?.kind
        if (kind === 'action' || kind === 'httpAction') return
        throw new Error(`Can't use ${what}() in queries and mutations. Please consider using an action.`)
      },
      log: (level, messages) => {
        const frame = frames.getStore()
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
