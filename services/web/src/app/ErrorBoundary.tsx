import { Component, type ReactNode } from 'react'
import { Button } from '../components/Button'
import { isNotFound, wordsForError } from './wordsForError'

interface Props {
  /** What could not be shown: "The fleet". */
  what: string
  /** Another value tries again: the address of what is shown. */
  resetOn: string
  children: ReactNode
}

type State = { name: 'fine'; resetOn: string } | { name: 'failed'; resetOn: string; error: unknown }

/** Keeps an error where it happened: the rest of the page goes on. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { name: 'fine', resetOn: this.props.resetOn }

  static getDerivedStateFromError(error: unknown): { name: 'failed'; error: unknown } {
    return { name: 'failed', error }
  }

  static getDerivedStateFromProps({ resetOn }: Props, state: State): State | null {
    return state.resetOn === resetOn ? null : { name: 'fine', resetOn }
  }

  override render() {
    if (this.state.name === 'fine') return this.props.children
    const { error } = this.state
    const retry = () => this.setState({ name: 'fine', resetOn: this.props.resetOn })
    return (
      <div role="alert" className="flex max-w-prose flex-col items-start gap-3 p-4">
        <p className="font-semibold">{this.props.what} cannot be shown</p>
        <p className="text-muted">
          {isNotFound(error) ? 'There is nothing at this address, or it is not yours.' : wordsForError(error)}
        </p>
        <Button onClick={retry}>Try again</Button>
      </div>
    )
  }
}
