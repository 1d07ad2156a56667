declare module 'parse-prometheus-text-format' {
  interface Parsed {
    name: string
    type: string
  }
  export default function parsePrometheusTextFormat(text: string): Parsed[]
}
