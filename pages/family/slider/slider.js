// What a sum does, while the thumb moves. It works nothing out: every figure stands in the grid that Python hands it.
// What can be read is written by `textContent`, from our own catalogue and from numbers.

const BAR = 22, FIRST = 26, SECOND = 82, ABOVE = 8, ARROW = 10
const TOLD_AFTER_MS = 150, SPOKEN_AFTER_MS = 700
const SVG = 'http://www.w3.org/2000/svg'

// As `theme.duration`.
export function duration(count, words) {
  const years = Math.floor(count / 12), rest = count % 12
  const parts = years ? [counted(words.years, years)] : []
  if (rest || !years) parts.push(counted(words.month_count, rest))
  return parts.join(words.duration_separator)
}

function part(name, attributes, parent) {
  const made = document.createElementNS(SVG, name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  parent.append(made)
  return made
}

class Gift {
  constructor(root) {
    this.root = root
    this.track = root.querySelector('.slide')
    this.input = root.querySelector('input')
    this.svg = root.querySelector('svg')
    this.status = root.querySelector('.status')
    this.outs = Object.fromEntries([...root.querySelectorAll('[data-out]')].map((each) => [each.dataset.out, each]))
    this.moved = null // the sum where a finger left the thumb, fen
    this.input.addEventListener('input', () => this.show(this.input.valueAsNumber))
    this.input.addEventListener('change', () => this.leave())
    // A finger that turns out to scroll the page has not chosen anything.
    this.input.addEventListener('pointerdown', () => { this.before = this.step })
    this.input.addEventListener('pointercancel', () => this.put(this.before))
    this.watch = new ResizeObserver(() => this.fit())
    this.watch.observe(this.svg)
  }

  // Called on the first run, and again when the grid, the language, the mask or the theme is another one.
  take(data, tell) {
    this.tell = tell
    if (data !== this.data) {
      this.data = data
      this.words = data.words
      for (const each of this.root.querySelectorAll('[data-text]')) each.textContent = this.words[each.dataset.text]
      this.svg.setAttribute('aria-label', this.words.alt)
      this.input.max = data.sums.length - 1
      this.outs.least.textContent = money(data.sums[0], this.words)
      this.outs.most.textContent = money(data.sums[data.sums.length - 1], this.words)
    }
    this.fit()
    this.put(this.nearest(this.moved ?? data.start))
  }

  nearest(fen) {
    const far = this.data.sums.map((sum) => Math.abs(sum - fen))
    return far.indexOf(Math.min(...far))
  }

  put(step) {
    this.input.value = step
    this.show(step)
  }

  // The finger has lifted: Python is told, once it rests.
  leave() {
    this.moved = this.data.sums[this.step]
    clearTimeout(this.telling)
    this.telling = setTimeout(() => this.tell('sum', this.moved), TOLD_AFTER_MS)
  }

  show(step) {
    const { data, words, outs } = this
    this.step = step
    const free = data.free[step], saved = data.saved[step], sooner = data.sooner[step], able = saved !== null
    const sum = money(data.sums[step], words)
    const texts = {
      sum,
      free: !able ? words.none : free ? month(free, words) : words.not_free,
      before: data.free[0] ? month(data.free[0], words) : words.not_free,
      sooner: !able ? words.none : this.sooner(sooner, free),
      saved: able ? money(saved, words) : words.none,
    }
    for (const [name, text] of Object.entries(texts)) {
      if (outs[name].textContent !== text) outs[name].textContent = text
    }
    this.input.setAttribute('aria-valuetext', fill(words.value, { amount: sum }))
    this.track.style.setProperty('--at', `${(100 * step) / (data.sums.length - 1)}%`)
    this.draw(free, able)
    clearTimeout(this.speaking)
    const said = able ? `${words.free}: ${texts.free}; ${words.saved}: ${texts.saved}` : words.failed
    if (this.spoken !== undefined) {
      this.speaking = setTimeout(() => { this.status.textContent = said }, SPOKEN_AFTER_MS)
    }
    this.spoken = step
  }

  sooner(months, free) {
    const { words } = this
    if (months === null) return free && !this.data.free[0] ? words.able : words.none
    if (!months) return words.same
    return fill(months > 0 ? words.earlier : words.later, { duration: duration(Math.abs(months), words) })
  }

  // -- the picture: until when it takes, without and with the help

  fit() {
    const width = this.svg.clientWidth
    if (!this.data || !width) return
    const { data, svg, words } = this
    svg.replaceChildren()
    svg.setAttribute('viewBox', `0 0 ${width} 112`)
    this.width = width
    this.last = Math.max(...data.free, data.day + 1)
    this.rows = [['now', words.now, FIRST], ['with', words.with, SECOND]].map(([name, text, y]) => {
      part('text', { x: 0, y: y - ABOVE }, svg).textContent = text
      const until = part('text', { x: width, y: y - ABOVE, 'text-anchor': 'end' }, svg)
      return { until, bar: part('path', { class: `bar ${name}` }, svg), y }
    })
    this.lay(this.rows[0], data.free[0], true)
    if (this.step !== undefined) this.show(this.step)
  }

  draw(free, able) {
    if (this.rows) this.lay(this.rows[1], free, able)
  }

  // A bar up to a day; one without an end leaves the picture with an arrow.
  lay({ until, bar, y }, free, able) {
    const { data, words, width } = this
    const share = free ? (free - data.day) / (this.last - data.day) : 1
    const end = Math.max(3, share * (width - ARROW))
    const tip = free ? '' : `L${width},${y + BAR / 2}`
    bar.setAttribute('d', able ? `M0,${y}H${end}${tip}L${end},${y + BAR}H0Z` : '')
    until.textContent = !able ? words.none : free ? month(free, words) : words.not_free
  }

  end() {
    this.watch.disconnect()
    clearTimeout(this.speaking)
    clearTimeout(this.telling)
  }
}

const mounted = new WeakMap()

export default function ({ data, parentElement, setStateValue }) {
  if (!mounted.has(parentElement)) mounted.set(parentElement, new Gift(parentElement))
  const gift = mounted.get(parentElement)
  gift.take(data, setStateValue)
  return () => {
    gift.end()
    mounted.delete(parentElement)
  }
}
