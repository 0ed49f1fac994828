import { get, post } from './api.js';
import { el, notice, percent, short, when } from './dom.js';

// Registered models and what is deployed.
export async function models(main, signal) {
  const [deployments, registered] = await Promise.all([get('/v1/deployments?limit=100', signal), get('/v1/models?limit=100', signal)]);
  const share = (variants, v) => v.weight / variants.reduce((sum, x) => sum + x.weight, 0);
  main.replaceChildren(
    el('div', { class: 'row between' }, el('h1', {}, 'Models')),
    el('div', { class: 'card' }, el('h2', {}, 'Deployments'), deployments.data.length === 0
      ? el('p', { class: 'soft' }, 'Nothing is deployed yet. A job with an inference.deploy stage deploys its model.')
      : el('table', {}, head('Name', 'Revision', 'Traffic', 'Changed'), el('tbody', {}, deployments.data.map((d) => el('tr', {},
          el('td', {}, d.name), el('td', {}, d.revision),
          el('td', {}, d.variants.map((v) => el('div', {}, `${v.name} ${percent(share(d.variants, v))} `, el('span', { class: 'code soft', title: v.bundle }, short(v.bundle))))),
          el('td', { class: 'small' }, when(d.updatedAt))))))),
    el('div', { class: 'card' }, el('h2', {}, 'Registered models'), registered.data.length === 0
      ? el('p', { class: 'soft' }, 'No model is registered yet.')
      : el('div', { class: 'scroll' }, el('table', {}, head('Model', 'Bundle', 'Made by', 'Registered'), el('tbody', {}, registered.data.map((m) => el('tr', {},
          el('td', {}, `${m.name} v${m.version}`), el('td', { class: 'code', title: m.artifact }, short(m.artifact)),
          el('td', {}, m.job ? el('a', { href: `#/jobs/${m.job}` }, 'job') : 'by hand'),
          el('td', { class: 'small' }, when(m.createdAt)))))))));
}

// A box to try the model: each line is one text.
export async function tryIt(main) {
  const text = el('textarea', { id: 'texts', maxlength: 20000, required: true });
  text.value = 'An absorbing film, and the ending is a joy.\nI wanted to like it, but nothing works.\nIt is two hours long.';
  const results = el('div', { 'aria-live': 'polite' });
  const send = el('button', { type: 'submit' }, 'Classify');
  const form = el('form', { class: 'card', onsubmit: async (event) => {
    event.preventDefault();
    send.disabled = true;
    try {
      const texts = text.value.split('\n').map((line) => line.trim()).filter(Boolean).slice(0, 100);
      const start = performance.now();
      const answer = await post('/v1/sentiment', { texts });
      const took = performance.now() - start;
      results.replaceChildren(el('div', { class: 'card' },
        el('p', { class: 'soft small' }, `${answer.deployment} · variant ${answer.variant} · ${texts.length} texts in ${took.toFixed(0)} ms`),
        answer.predictions.map((p, i) => result(texts[i], p))));
    } catch (error) {
      results.replaceChildren(notice(error));
    }
    send.disabled = false;
  } }, el('label', { for: 'texts' }, 'Texts, one on each line'), text, el('p', {}), send);
  main.replaceChildren(el('div', { class: 'row between' }, el('h1', {}, 'Try the model')), form, results);
}

function result(text, prediction) {
  return el('div', { class: 'result' }, el('blockquote', {}, text),
    Object.entries(prediction.probabilities).map(([label, p]) => el('div', { class: 'bar-row' },
      el('span', { class: label === prediction.label ? 'best' : 'soft' }, label),
      el('progress', { max: 1, value: p, class: label === prediction.label ? 'succeeded' : '', 'aria-label': `Probability of ${label}` }),
      el('span', { class: 'number' }, percent(p)))));
}

const head = (...titles) => el('thead', {}, el('tr', {}, titles.map((t) => el('th', { scope: 'col' }, t))));
