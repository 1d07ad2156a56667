import type { Policy, PolicyChoice } from '@rollcall/backend/contract'

/** What a worker may do: in a choice and the trail, and what it means. In the order of the choice. */
export const policyWords: Record<PolicyChoice, { choice: string; meaning: string }> = {
  asSetUp: {
    choice: 'As set up on the machine',
    meaning:
      'opencode’s own rules: if nobody has changed them, it asks only about what is outside of its folder.',
  },
  ask: {
    choice: 'Ask first',
    meaning:
      'It reads in its folder; before it changes a file, runs a command or does anything else, it asks in the chat.',
  },
  allow: {
    choice: 'Anything in its folder',
    meaning:
      'It changes files and runs commands without asking; it asks about what is outside of its folder.',
  },
  readOnly: {
    choice: 'Read only',
    meaning:
      'It reads in its folder, changes no file and runs no command; it asks before it reads from the web.',
  },
}

export const policyChoices = Object.keys(policyWords) as PolicyChoice[]

/** What a person who chats should know of it. */
export const policyInChat: Record<Policy, string> = {
  ask: 'Asks first, before it changes a file or runs a command',
  allow: 'May do anything in its folder without asking',
  readOnly: 'Read only: changes no file and runs no command',
}
