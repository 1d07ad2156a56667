import { assertTransition, type WorkerState, type WorkerStateName } from './workerState'

export interface Transition {
  from: WorkerStateName
  to: WorkerStateName
  /** Milliseconds since 1970. */
  at: number
}

const HISTORY = 100

/** Holds the worker's one state. Every change goes through `to`, which enforces the table and tells the listener. */
export class StateMachine {
  #state: WorkerState = { name: 'starting' }
  readonly #history: Transition[] = []

  constructor(
    private readonly onTransition: (transition: Transition, state: WorkerState) => void = () => {},
  ) {}

  get state(): WorkerState {
    return this.#state
  }

  /** The last 100 transitions, oldest first. */
  get history(): readonly Transition[] {
    return this.#history
  }

  /** Throws `TransitionError` for an arrow that the table does not have. */
  to(next: WorkerState): void {
    const from = this.#state.name
    assertTransition(from, next.name)
    this.#state = next
    const transition = { from, to: next.name, at: Date.now() }
    this.#history.push(transition)
    if (this.#history.length > HISTORY) this.#history.shift()
    this.onTransition(transition, next)
  }
}
