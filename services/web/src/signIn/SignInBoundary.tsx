import { Component, type ReactNode } from 'react'
import { isSignedOut } from '../app/wordsForError'

interface Props {
  /** The backend answers nothing to this sign-in any more. Called once. */
  onEnded: () => void
  /** Instead of the children from then on. */
  instead: ReactNode
  children: ReactNode
}

type State = { name: 'fine' } | { name: 'failed'; error: unknown }

/** Notices that the sign-in was ended elsewhere, by what any query of its children throws; any other error goes on upwards. */
export class SignInBoundary extends Component<Props, State> {
  override state: State = { name: 'fine' }

  static getDerivedStateFromError(error: unknown): State {
    return { name: 'failed', error }
  }

  override componentDidCatch(error: unknown) {
    if (isSignedOut(error)) this.props.onEnded()
  }

  override render() {
    if (this.state.name === 'fine') return this.props.children
    if (isSignedOut(this.state.error)) return this.props.instead
    throw this.state.error
  }
}
