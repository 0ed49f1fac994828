// Evaluation reports: the sentiment report as tables, any other as a list of its figures.
import { el, number, percent } from './dom.js';

export function report(content) {
  return content.model?.scores ? sentiment(content) : figures(content);
}

function sentiment(r) {
  const model = r.model.scores;
  const baseline = r.baseline?.scores;
  const row = (label, pick, interval) => {
    const a = pick(model);
    const b = baseline ? pick(baseline) : undefined;
    return el('tr', {}, el('th', { scope: 'row' }, label),
      el('td', { class: `number ${b === undefined || a >= b ? 'best' : ''}` }, percent(a), interval && el('div', { class: 'soft small' }, `${percent(interval.low)} to ${percent(interval.high)}`)),
      el('td', { class: `number ${b !== undefined && b > a ? 'best' : ''}` }, b === undefined ? '–' : percent(b)));
  };
  const table = el('table', {},
    el('caption', {}, `On the ${r.split} split; with 95 % intervals`),
    el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, ''), el('th', { scope: 'col', class: 'number' }, 'Model'), el('th', { scope: 'col', class: 'number' }, 'TF-IDF baseline'))),
    el('tbody', {},
      row('Accuracy', (s) => s.accuracy, r.model.accuracy),
      row('Macro F1', (s) => s.macroF1, r.model.macroF1)));
  return el('div', {}, table, model.confusion && matrix(r.labels, model.confusion));
}

function matrix(labels, confusion) {
  const counts = Array.isArray(confusion) ? confusion : confusion.counts;
  if (!Array.isArray(counts)) return null;
  return el('div', { class: 'scroll' }, el('h3', {}, 'Confusion matrix of the model'),
    el('table', { class: 'matrix' },
      el('caption', {}, 'Rows: true class. Columns: predicted class.'),
      el('thead', {}, el('tr', {}, el('td', {}), labels.map((l) => el('th', { scope: 'col' }, l)))),
      el('tbody', {}, counts.map((line, i) => el('tr', {}, el('th', { scope: 'row' }, labels[i]),
        line.map((n, j) => el('td', { class: i === j ? 'hit' : '' }, number(n))))))));
}

function figures(content) {
  const flat = Object.entries(content).filter(([, v]) => typeof v === 'number' || typeof v === 'string');
  return el('table', {}, el('tbody', {}, flat.map(([name, value]) => el('tr', {},
    el('th', { scope: 'row' }, name), el('td', { class: 'number' }, typeof value === 'number' ? number(value) : value)))));
}
