import { limits } from '../../contract/limits'
import { refusal } from './errors'

/** The name without surrounding white space. Throws `NAME_INVALID` if it is empty, too long or has control characters. */
export function cleanName(name: string): string {
  const trimmed = name.trim()
  if (trimmed.length === 0 || trimmed.length > limits.nameLength || /\p{Cc}/u.test(trimmed)) {
    throw refusal('NAME_INVALID')
  }
  return trimmed
}
