import type { ErrorCode } from '../contract'
import type { World } from './everyFunction'

/** What a row of `whoMayCall.ts` says of a function: whom it is for, how it is called, and what others are told. */

export type WorkerCaller = keyof World['credentials']
export type Answer = ErrorCode | 'ok'

/** What the open incarnations of workers get that are refused nothing by their credentials. */
export interface ByWorker {
  online: Answer
  pending: Answer
  foreign: Answer
}

/** What people are told who come with the owner's arguments. */
export interface ByPerson {
  stranger: Answer
  /** With whom the machine is shared. */
  viewer: Answer
  operator: Answer
  /** If not `ok`. */
  owner?: Answer
  isOpenedByArgument?: true
}

export type Row =
  | { for: 'anybody'; args: object }
  /** A worker without a token, by the secret that it has made. */
  | { for: 'joining' }
  | ({ for: 'people'; args: (world: World) => object } & ByPerson)
  | ({ for: 'workers'; args: (world: World) => object } & ByWorker)
  | { for: 'registering' }
  | { for: 'supervisors'; args: object }
