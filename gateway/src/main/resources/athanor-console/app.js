import { get, key, Problem } from './api.js';
import { el, notice } from './dom.js';
import { job } from './job.js';
import { jobs } from './jobs.js';
import { models, tryIt } from './serve.js';

const main = document.getElementById('main');
const signOut = document.getElementById('sign-out');
let leaving = new AbortController();

async function show() {
  leaving.abort();
  leaving = new AbortController();
  const { signal } = leaving;
  signOut.hidden = !key.get();
  const [, page = 'jobs', id] = location.hash.split('/');
  for (const link of document.querySelectorAll('nav a')) {
    link.toggleAttribute('aria-current', link.hash === `#/${page}`);
    if (link.hash === `#/${page}`) link.setAttribute('aria-current', 'page');
  }
  if (!key.get()) {
    enterKey();
    return;
  }
  try {
    if (page === 'jobs' && id) await job(main, signal, encodeURIComponent(id));
    else if (page === 'models') await models(main, signal);
    else if (page === 'try') await tryIt(main);
    else await jobs(main, signal);
  } catch (error) {
    if (signal.aborted) return;
    if (error instanceof Problem && error.status === 401) {
      key.forget();
      signOut.hidden = true;
      enterKey('This key is not valid (any more).');
    } else {
      main.replaceChildren(notice(error));
    }
  }
}

function enterKey(why) {
  const input = el('input', { id: 'key', type: 'password', autocomplete: 'off', required: true, placeholder: 'ath_…', spellcheck: 'false' });
  const problems = el('div');
  if (why) problems.append(notice(new Error(why)));
  const form = el('form', { class: 'card', onsubmit: async (event) => {
    event.preventDefault();
    key.set(input.value.trim());
    try {
      await get('/v1/jobs?limit=1');
      show();
    } catch (error) {
      if (error instanceof Problem && error.status === 403) {
        show();
        return;
      }
      key.forget();
      problems.replaceChildren(notice(error.status === 401 ? new Error('This key is not known.') : error));
    }
  } }, el('h1', {}, 'Welcome'), el('p', { class: 'soft' }, 'Enter an API key. It is kept in this tab only, and forgotten when you close it.'),
    problems, el('label', { for: 'key' }, 'API key'), input, el('p', {}), el('button', { type: 'submit' }, 'Continue'));
  main.replaceChildren(el('div', { class: 'narrow' }, form));
  input.focus();
}

signOut.addEventListener('click', () => {
  key.forget();
  show();
});
addEventListener('hashchange', show);
show();
