import type { ScriptedModelId } from '@rollcall/scripted-model'

/** One thing that a model may do, and how its answer ends if nothing else happens; `endless`: by itself it does not. */
export interface Case {
  name: string
  model: ScriptedModelId
  prompt: string
  ends: 'completed' | 'failed' | 'endless'
  /** Why it failed, where that is to be told. */
  cause?: RegExp
  /** How often the model may be asked for one answer at most. */
  requests: number
}

const ask = (name: string, model: ScriptedModelId, more: Partial<Case> = {}): Case => ({
  ...{ name, model, prompt: `Say it, ${name}.`, ends: 'completed', requests: 1 },
  ...more,
})

/** A command that no polite signal ends, and by whose argument it is found. */
export const trapped = { prompt: "run: trap '' TERM INT HUP; sleep 31337; true", command: /^sleep 31337$/ }

/** 200 kB, of which a part is kept; in one line, because opencode takes 10 ms for each. */
const muchOutput = String.raw`run: head -c 200000 /dev/zero | tr '\0' x`

export const cases: readonly Case[] = [
  ask('ok', 'ok'),
  ask('slow', 'slow', { prompt: 'words: 35' }),
  ask('hang', 'hang', { ends: 'endless' }),
  ask('401', 'e401', { ends: 'failed' }),
  ask('429', 'e429', { ends: 'failed', requests: 10 }),
  ask('500', 'e500', { ends: 'failed', requests: 10 }),
  ask('cut', 'cut', { ends: 'failed', cause: /connection to the model was cut/, requests: 10 }),
  ask('end without finish', 'eof', { ends: 'failed', requests: 10 }),
  ask('malformed', 'malformed', { ends: 'failed', requests: 2 }),
  ask('reasoning', 'reasoning'),
  ask('huge output', 'long'),
  ask('unicode, cut within characters', 'unicode'),
  ask('tool', 'tool', { prompt: 'run: echo done', requests: 2 }),
  ask('tool, huge output', 'tool', { prompt: muchOutput, requests: 2 }),
  ask('tool that traps TERM', 'tool', { prompt: trapped.prompt, ends: 'endless' }),
]
