import { backoffMs, type BackoffOptions } from './backoff'

export interface RestartOptions extends BackoffOptions {
  /** Milliseconds: a worker that was up for this long is taken for healthy, and its crash for the first. */
  healthyAfterMs: number
}

/** How long to wait before a crashed worker is started again: longer each time, until one stayed up. */
export class RestartPolicy {
  #attempt = 0

  constructor(private readonly options: RestartOptions) {}

  /** After a worker that was up for `upMs`. */
  next(upMs: number): { attempt: number; inMs: number } {
    this.#attempt = upMs >= this.options.healthyAfterMs ? 1 : this.#attempt + 1
    return { attempt: this.#attempt, inMs: backoffMs(this.#attempt, this.options) }
  }
}
