/** So many steps in a row without a finish reason, and the model is taken to be unable to finish. */
const unfinishedSteps = 3
/** So many connections cut in the middle of an answer's text; each left a torn piece in front of the person. */
const tornTexts = 3

/**
 * Decides when a prompt is beyond help although opencode would go on: it starts a new step for ever when the model's stream
 * ends without a finish reason, and writes the answer anew after every cut.
 */
export class StepBreaker {
  private unfinished = 0
  private torn = 0

  /** Returns the cause if it is time to give up. */
  stepFinished(reason: string): string | undefined {
    this.torn = 0
    this.unfinished = reason === 'unknown' || reason === 'other' ? this.unfinished + 1 : 0
    if (this.unfinished < unfinishedSteps) return undefined
    return `The model ended ${unfinishedSteps} answers in a row without saying that it had finished.`
  }

  /** opencode announced another attempt, because of `message`. Returns the cause if it is time to give up. */
  retrying(message: string, hadText: boolean): string | undefined {
    if (hadText) this.torn += 1
    if (this.torn < tornTexts) return undefined
    return `The connection to the model was cut ${tornTexts} times in the middle of the answer (${message}).`
  }
}
