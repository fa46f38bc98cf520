// How amounts and dates are written in the browser: as `theme.py` writes them. Put before a component's own script.

const DAY_MS = 86400000
const EPOCH = 719163 // Python's ordinal of 1970-01-01

export function money(fen, words) {
  if (words.hidden) return `¥${words.mask}`
  const size = Math.abs(fen), cents = size % 100
  const yuan = String((size - cents) / 100).replace(/\B(?=(\d{3})+$)/g, ',')
  return `${fen < 0 ? '−' : ''}¥${yuan}.${String(cents).padStart(2, '0')}`
}

export function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole))
}

export function counted(sentences, number) {
  return fill(number === 1 ? sentences.one : sentences.other, { number: String(number).replace(/\B(?=(\d{3})+$)/g, ',') })
}

function dated(sentence, ordinal, words) {
  const date = new Date((ordinal - EPOCH) * DAY_MS)
  const month = words.months[date.getUTCMonth()]
  return fill(sentence, { year: date.getUTCFullYear(), month, day: date.getUTCDate() })
}

export function month(ordinal, words) {
  return dated(words.month, ordinal, words)
}

export function day(ordinal, words) {
  return dated(words.day, ordinal, words)
}

