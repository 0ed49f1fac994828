import { get } from './api.js';
import { el, status, when } from './dom.js';

// The list of jobs; looks again every few seconds.
export async function jobs(main, signal) {
  const body = el('tbody');
  const older = el('button', { class: 'plain', type: 'button', hidden: true }, 'Older jobs');
  const empty = el('p', { class: 'soft', hidden: true }, 'No job has been submitted yet. Start one with ', el('code', {}, './athanor demo'), ' or ', el('code', {}, 'POST /v1/jobs'), '.');
  main.replaceChildren(
    el('div', { class: 'row between' }, el('h1', {}, 'Jobs')),
    el('div', { class: 'card' }, empty, el('div', { class: 'scroll' }, el('table', {},
      el('thead', {}, el('tr', {}, ['Job', 'Status', 'Stages', 'Submitted'].map((t) => el('th', { scope: 'col' }, t)))), body)), older),
  );
  let pages = 1;
  const look = async () => {
    let shown = [];
    let page = { has_more: true };
    for (let i = 0; i < pages && page.has_more; i++) {
      page = await get(`/v1/jobs?limit=20${page.next ? `&after=${page.next}` : ''}`, signal);
      shown = shown.concat(page.data);
    }
    older.hidden = !page.has_more;
    empty.hidden = shown.length > 0;
    body.replaceChildren(...shown.map(row));
  };
  older.addEventListener('click', () => { pages++; look(); });
  while (!signal.aborted) {
    await look();
    await new Promise((resolve) => setTimeout(resolve, 3000));
  }
}

function row(job) {
  const done = job.stages.filter((s) => s.status === 'succeeded').length;
  const now = job.stages.filter((s) => s.status === 'running').map((s) => s.id).join(', ');
  return el('tr', {},
    el('td', {}, el('a', { href: `#/jobs/${job.id}` }, job.name), el('div', { class: 'soft small code' }, job.id)),
    el('td', {}, status(job.status)),
    el('td', {}, `${done} of ${job.stages.length}`, now && el('div', { class: 'soft small' }, now)),
    el('td', { class: 'small' }, when(job.createdAt)));
}
