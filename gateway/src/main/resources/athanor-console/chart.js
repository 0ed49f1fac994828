// A line chart in SVG, drawn by hand: a few series of [step, value].
import { el, number, svg } from './dom.js';

const WIDTH = 640;
const HEIGHT = 260;
const LEFT = 56;
const RIGHT = 14;
const TOP = 10;
const BOTTOM = 28;

export function chart(title, series) {
  const points = series.flatMap((s) => s.points);
  if (points.length === 0) {
    return el('p', { class: 'soft' }, 'No points yet.');
  }
  const [x0, x1] = range(points.map((p) => p[0]));
  const [low, high] = range(points.map((p) => p[1]));
  const ticks = nice(low, high);
  const y0 = Math.min(low, ticks[0]);
  const y1 = Math.max(high, ticks.at(-1));
  const x = (step) => LEFT + ((step - x0) / (x1 - x0)) * (WIDTH - LEFT - RIGHT);
  const y = (value) => HEIGHT - BOTTOM - ((value - y0) / (y1 - y0)) * (HEIGHT - TOP - BOTTOM);

  const picture = svg('svg', { class: 'chart', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': describe(title, series) });
  for (const tick of ticks) {
    picture.append(
      svg('line', { class: 'grid', x1: LEFT, x2: WIDTH - RIGHT, y1: y(tick), y2: y(tick) }),
      svg('text', { x: LEFT - 8, y: y(tick) + 4, 'text-anchor': 'end' }, number(tick)),
    );
  }
  for (const tick of nice(x0, x1).filter((t) => t >= x0 && t <= x1)) {
    picture.append(svg('text', { x: x(tick), y: HEIGHT - 8, 'text-anchor': 'middle' }, number(tick)));
  }
  series.forEach((s, i) => {
    const colour = `s${(i % 4) + 1}`;
    if (s.points.length === 1) {
      picture.append(svg('circle', { class: colour, cx: x(s.points[0][0]), cy: y(s.points[0][1]), r: 3 }));
    } else {
      const path = s.points.map((p, n) => `${n === 0 ? 'M' : 'L'}${x(p[0]).toFixed(1)} ${y(p[1]).toFixed(1)}`).join('');
      picture.append(svg('path', { class: `line ${colour}`, d: path }));
    }
  });
  const legend = el('div', { class: 'legend' }, series.map((s, i) =>
    el('span', { class: `s${(i % 4) + 1}` }, `${s.label}${s.points.length ? `: ${number(s.points.at(-1)[1])}` : ''}`)));
  return el('div', {}, legend, picture);
}

function describe(title, series) {
  return `${title}. ` + series.filter((s) => s.points.length).map((s) =>
    `${s.label}: from ${number(s.points[0][1])} at step ${s.points[0][0]} to ${number(s.points.at(-1)[1])} at step ${s.points.at(-1)[0]}`).join('; ');
}

function range(values) {
  const low = values.reduce((a, b) => Math.min(a, b));
  const high = values.reduce((a, b) => Math.max(a, b));
  return low === high ? [low - 0.5, high + 0.5] : [low, high];
}

// About five round numbers that span the range.
function nice(low, high) {
  const rough = (high - low) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((m) => m * power).find((s) => s >= rough);
  const ticks = [];
  for (let t = Math.floor(low / step) * step; t < high + step * 0.999; t += step) {
    ticks.push(Number(t.toPrecision(12)));
  }
  return ticks;
}
