// The slider that answers while it moves. It works nothing out: every figure stands in the grid that Python hands it.
// What can be read is written by `textContent`, from our own catalogue and from numbers.

const NO_LINE = 65535 // in the grid: no answer
const HEIGHT = 260, TOP = 12, BOTTOM = 28, LEFT = 46, TIE = 16, LABEL_GAP = 18, HEADROOM = 1.04
const FONT_PX = 13, WIDE = 1.02, NARROW = 0.6
const TOLD_AFTER_MS = 150, SPOKEN_AFTER_MS = 700
const SVG = 'http://www.w3.org/2000/svg'

// Move labels apart so that none covers another, upwards first; heights rise (as `figures.spread`).
export function spread(heights, gap, room) {
  const places = [...heights]
  for (let k = 1; k < places.length; k++) places[k] = Math.max(places[k], places[k - 1] + gap)
  let ceiling = Math.max(room, gap * (places.length - 1))
  for (let k = places.length - 1; k >= 0; k--) {
    places[k] = Math.min(places[k], ceiling)
    ceiling = places[k] - gap
  }
  return places
}

function unpacked(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
  const view = new DataView(bytes.buffer)
  return Uint16Array.from({ length: bytes.length / 2 }, (_, k) => view.getUint16(2 * k, true))
}

function part(name, attributes, parent) {
  const made = document.createElementNS(SVG, name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  parent.append(made)
  return made
}

class Live {
  constructor(root) {
    this.root = root
    this.track = root.querySelector('.slide')
    this.input = root.querySelector('input')
    this.svg = root.querySelector('svg')
    this.status = root.querySelector('.status')
    this.outs = Object.fromEntries([...root.querySelectorAll('[data-out]')].map((each) => [each.dataset.out, each]))
    this.moved = null // the budget where a finger left the thumb, fen
    this.width = 0
    this.input.addEventListener('input', () => this.show(this.input.valueAsNumber))
    this.input.addEventListener('change', () => this.leave())
    // A finger that turns out to scroll the page has not chosen anything.
    this.input.addEventListener('pointerdown', () => { this.before = this.step })
    this.input.addEventListener('pointercancel', () => this.put(this.before))
    for (const name of ['now', 'kept']) {
      this.outs[name].addEventListener('click', () => { this.put(this.marks[name]); this.leave() })
    }
    this.watch = new ResizeObserver(() => this.fit())
    this.watch.observe(this.svg)
  }

  // Called on the first run, and again when the grid, the language, the mask or the theme is another one.
  take(data, tell) {
    this.tell = tell
    if (data !== this.data) {
      if (!this.data && data.start !== null) this.moved = data.start
      this.data = data
      this.words = data.words
      this.lines = unpacked(data.lines)
      this.marks = { now: data.today, kept: data.kept }
      for (const each of this.root.querySelectorAll('[data-text]')) {
        each.textContent = this.words[each.dataset.text]
      }
      this.svg.setAttribute('aria-label', this.words.alt)
      this.input.max = data.budgets.length - 1
      this.label()
    }
    const colours = getComputedStyle(this.track).getPropertyValue('--st-chart-categorical-colors').split(',')
    this.colours = data.colours.map((k) => colours[k].trim())
    this.width = 0
    this.step = undefined // of another grid, perhaps
    this.fit()
    this.put(this.rest())
  }

  // Where the thumb rests: where a finger left it last, or at today's budget.
  rest() {
    return this.moved === null ? this.data.today : this.nearest(this.moved)
  }

  nearest(fen) {
    const far = this.data.budgets.map((budget) => Math.abs(budget - fen))
    return far.indexOf(Math.min(...far))
  }

  amount(step) {
    return money(this.data.budgets[step], this.words)
  }

  // Ticks on the track, what they stand for, and both ends of the range.
  label() {
    const { words, marks } = this
    const last = this.data.budgets.length - 1
    this.outs.least.textContent = this.amount(0)
    this.outs.most.textContent = this.amount(last)
    this.outs.now.textContent = fill(words.now_mark, { amount: this.amount(marks.now) })
    for (const name of ['now', 'kept']) {
      const at = marks[name], mark = this.root.querySelector(`.mark.${name}`)
      mark.hidden = at < 0
      mark.style.left = this.place(Math.max(at, 0) / last)
    }
    this.outs.kept.hidden = marks.kept < 0
    this.root.querySelector('.jump.none').hidden = marks.kept >= 0
    if (marks.kept >= 0) this.outs.kept.textContent = fill(words.kept_mark, { amount: this.amount(marks.kept) })
  }

  place(share) {
    return `calc(var(--thumb) / 2 + ${share} * (100% - var(--thumb)))`
  }

  put(step) {
    this.input.value = step
    this.show(step)
  }

  // The finger has lifted: Python is told, once it rests.
  leave() {
    if (this.step === this.rest()) return // back where it was: nothing is new to Python
    this.moved = this.data.budgets[this.step]
    clearTimeout(this.telling)
    this.telling = setTimeout(() => this.tell('budget', this.moved), TOLD_AFTER_MS)
  }

  // -- what changes while the finger moves

  show(step) {
    const { data, words, outs } = this
    this.step = step
    const shown = data.shown[step], able = shown >= 0
    const [free, paid, owed, late, worst] = data.readings[step]
    const budget = this.amount(step)
    const sentence = able ? this.sentence(shown, free, late, worst) : words.failed
    const texts = {
      budget,
      free: !able ? '—' : free ? month(free, words) : words.not_free,
      paid: able ? money(paid, words) : '—',
      owed: !able ? '—' : owed ? money(owed, words) : words.nothing,
      late: !able ? '—' : late ? month(late, words) : words.never,
      sentence,
    }
    for (const [name, text] of Object.entries(texts)) {
      if (outs[name].textContent !== text) outs[name].textContent = text
    }
    this.input.setAttribute('aria-valuetext', fill(words.budget, { amount: budget }))
    this.track.style.setProperty('--at', `${(100 * step) / (data.budgets.length - 1)}%`)
    this.draw(step, shown, free)
    clearTimeout(this.speaking)
    if (this.spoken !== undefined) {
      this.speaking = setTimeout(() => { this.status.textContent = sentence }, SPOKEN_AFTER_MS)
    }
    this.spoken = step
  }

  sentence(shown, free, late, worst) {
    const { data, words } = this
    const strategy = data.names[shown]
    const way = fill(data.best ? words.by_best : words.by_own, { strategy })
    const end = free ? fill(words.free, { day: day(free, words) }) : fill(words.open, { month: month(data.end, words) })
    const days = counted(words.days, worst)
    const kept = late ? fill(words.late, { month: month(late, words), days }) : worst ? words.caught_up : words.kept
    return [way, end, kept].join(words.separator)
  }

  // -- the picture

  // Lay out what stays while the finger moves: the axes, the places of the points, and an empty line a strategy.
  fit() {
    const width = this.svg.clientWidth
    if (!this.data || !width || width === this.width) return
    this.width = width
    const { data, svg } = this
    const wide = (name) => [...name].reduce((sum, letter) => sum + (letter > '\u2e80' ? WIDE : NARROW), 0) * FONT_PX
    this.right = width - Math.ceil(Math.max(...data.names.map((name) => wide(`${name} ↑`)))) - TIE
    this.plot = HEIGHT - TOP - BOTTOM
    const first = data.days[0], last = data.days[data.days.length - 1]
    this.x = (ordinal) => LEFT + ((this.right - LEFT) * (ordinal - first)) / (last - first)
    this.y = (fen) => TOP + this.plot * (1 - fen / (data.ceiling * HEADROOM))
    this.xs = data.days.map((ordinal) => this.x(ordinal).toFixed(1))
    svg.replaceChildren()
    svg.setAttribute('viewBox', `0 0 ${width} ${HEIGHT}`)
    const clip = part('clipPath', { id: 'plot' }, svg)
    part('rect', { x: LEFT - 3, y: TOP, width: this.right - LEFT + 6, height: this.plot + 3 }, clip)
    for (const [fen, text] of data.heights) {
      const y = this.y(fen)
      part('line', { class: 'rule', x1: LEFT, x2: this.right, y1: y, y2: y }, svg)
      part('text', { class: 'axis', x: LEFT - 8, y: y + 4, 'text-anchor': 'end' }, svg).textContent = text
    }
    let free = LEFT - 30
    for (const [ordinal, text] of data.dates) {
      const x = this.x(ordinal), half = wide(text) / 2
      if (x - half < free || x + half > this.right + TIE) continue
      free = x + half + 10
      part('line', { class: 'rule', x1: x, x2: x, y1: TOP + this.plot, y2: TOP + this.plot + 4 }, svg)
      part('text', { class: 'axis', x, y: HEIGHT - 8, 'text-anchor': 'middle' }, svg).textContent = text
    }
    this.until = part('line', { class: 'until', y1: TOP, y2: TOP + this.plot }, svg)
    this.ways = data.names.map((name, k) => {
      const group = part('g', {}, svg)
      const line = part('path', { class: 'line', stroke: this.colours[k], 'clip-path': 'url(#plot)' }, group)
      const dot = part('circle', { r: 3.5, fill: this.colours[k], cx: this.right }, group)
      const tie = part('path', { class: 'tie', stroke: this.colours[k], fill: 'none' }, group)
      const text = part('text', { x: this.right + TIE }, group)
      text.style.fill = this.colours[k]
      return { name, group, line, dot, tie, text, out: undefined }
    })
    this.raised = undefined
    if (this.step !== undefined) this.show(this.step)
  }

  draw(step, shown, free) {
    if (!this.ways) return
    const { data, lines, ways, xs } = this
    const points = xs.length, last = points - 1
    const ends = [], top = data.ceiling * HEADROOM
    for (let k = 0; k < ways.length; k++) {
      const from = (step * ways.length + k) * points
      const able = lines[from] !== NO_LINE
      ways[k].group.style.display = able ? '' : 'none'
      if (!able) continue
      let path = '', after = 0, out = -1, before = 0
      for (let p = 0; p < points; p++) {
        const value = lines[from + p]
        if (value) after = p
        if (value * data.unit > top && out < 0) out = this.crossing(p, before, value, top / data.unit)
        before = value
        path += `${p ? 'L' : 'M'}${xs[p]},${this.y(value * data.unit).toFixed(1)}`
      }
      ways[k].line.setAttribute('d', path)
      const fen = lines[from + last] * data.unit
      ends.push({ k, fen, after, out: fen > top ? out : -1 })
    }
    // Of lines that end level, the one that came down later is named above.
    ends.sort((one, other) => one.fen - other.fen || one.after - other.after || other.k - one.k)
    const above = (fen) => Math.min(this.plot, (this.plot * fen) / top)
    const places = spread(ends.map((end) => above(end.fen)), LABEL_GAP, this.plot)
    ends.forEach((end, place) => {
      const way = ways[end.k], out = end.out >= 0
      const y = TOP + this.plot - places[place], foot = TOP + this.plot - above(end.fen)
      if (way.out !== out) way.text.textContent = out ? `${way.name} ↑` : way.name
      way.out = out
      way.text.style.transform = `translateY(${y + 4.5}px)`
      way.dot.setAttribute('cy', foot)
      way.dot.style.display = out ? 'none' : ''
      // What has left the picture through the top is led to its name along the edge.
      const from = out ? `M${end.out},${TOP}L` : 'M'
      way.tie.setAttribute('d', `${from}${this.right},${foot}L${this.right + TIE - 3},${y}`)
    })
    if (shown !== this.raised) {
      this.raised = shown
      ways.forEach((way, k) => way.group.classList.toggle('shown', k === shown))
      if (shown >= 0) this.svg.append(ways[shown].group)
      if (shown >= 0) this.until.setAttribute('stroke', this.colours[shown])
    }
    const inside = shown >= 0 && free > 0 && free <= data.days[last]
    this.until.style.display = inside ? '' : 'none'
    if (inside) {
      this.until.setAttribute('x1', this.x(free))
      this.until.setAttribute('x2', this.x(free))
    }
  }

  // Where a line leaves through the top, on its way to a point.
  crossing(point, before, value, top) {
    if (!point) return this.xs[0]
    const low = Number(this.xs[point - 1]), high = Number(this.xs[point])
    return low + ((high - low) * (top - before)) / (value - before)
  }

  end() {
    this.watch.disconnect()
    clearTimeout(this.speaking)
    clearTimeout(this.telling)
  }
}

const mounted = new WeakMap()

export default function ({ data, parentElement, setStateValue }) {
  if (!mounted.has(parentElement)) mounted.set(parentElement, new Live(parentElement))
  const live = mounted.get(parentElement)
  live.take(data, setStateValue)
  return () => {
    live.end()
    mounted.delete(parentElement)
  }
}
