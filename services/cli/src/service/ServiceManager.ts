import type { Service, ServiceKind } from './Service'

/** What a manager knows of our service. */
export interface ServiceState {
  isInstalled: boolean
  isRunning: boolean
  /** For people, one fact a line. */
  lines: string[]
}

/** One of the programs that start services for this user. What its tools refuse is thrown as a `UsageError`. */
export interface ServiceManager {
  readonly kind: ServiceKind
  /** Where it looks for the service's description. */
  readonly file: string
  /** Undefined if it can be talked to, else why not. */
  unreachable(): string | undefined
  describe(service: Service): string
  /** Starts the service now and whenever this user's services start; one that runs is started again if `isChanged`. */
  activate(isChanged: boolean): void
  /** Stops the service, which drains, and forgets it. The file is removed by `removeFile` in between. */
  deactivate(removeFile: () => void): void
  state(): ServiceState
  /** What a person has to know once it is installed. */
  notes(): string[]
  /** The program that shows the last `lines` of its log, and goes on if it shall `follow`. */
  logCommand(options: { lines: number; follow: boolean }): { program: string; args: string[] }
}
