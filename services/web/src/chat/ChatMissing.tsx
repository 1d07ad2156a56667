import { PartMissing } from '../components/PartMissing'

/** In place of a chat whose part of the page could not be loaded. */
export function ChatMissing() {
  return <PartMissing name="Chat" what="The chat" note="; drafts are kept" />
}
