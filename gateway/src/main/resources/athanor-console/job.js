import { follow, get, post } from './api.js';
import { chart } from './chart.js';
import { duration, el, notice, number, short, status, when } from './dom.js';
import { report } from './report.js';

// One job: stages with live progress, loss curves, events, artifacts and reports.
export async function job(main, signal, id) {
  const head = el('div');
  const problems = el('div');
  const stages = el('div', { class: 'card' });
  const curves = el('div');
  const reports = el('div');
  const artifacts = el('div', { class: 'card' });
  const events = el('ul', { class: 'bare events', tabindex: 0, 'aria-label': 'Events, newest first' });
  main.replaceChildren(head, problems,
    el('div', { class: 'columns' },
      el('div', {}, stages, curves, reports),
      el('div', {}, artifacts, el('div', { class: 'card' }, el('h2', {}, 'Events'), events))));

  let state;
  let asking = false;
  let again = false;
  const shownReports = new Set();

  const ask = async (action) => {
    try {
      problems.replaceChildren();
      await post(`/v1/jobs/${id}/${action}`);
      await refresh();
      if (action === 'retry') listen();
    } catch (error) {
      problems.replaceChildren(notice(error));
    }
  };

  // News may come faster than answers: at most one request is under way, and one more follows.
  const refresh = async () => {
    if (asking) {
      again = true;
      return;
    }
    asking = true;
    try {
      do {
        again = false;
        state = await get(`/v1/jobs/${id}`, signal);
        head.replaceChildren(heading(state, ask));
        stages.replaceChildren(el('h2', {}, 'Stages'), ...state.stages.map(stage));
        artifacts.replaceChildren(...made(state));
        await drawCurves(id, curves, signal);
        await showReports(state, reports, shownReports, signal);
        if (again) await new Promise((resolve) => setTimeout(resolve, 700));
      } while (again && !signal.aborted);
    } finally {
      asking = false;
    }
  };

  const listen = () => follow(`/v1/jobs/${id}/events`, (event) => {
    if (event.type !== 'stage.progressed') {
      events.prepend(line(event));
    }
    refresh().catch(() => {});
  }, signal).then(() => signal.aborted || refresh());

  await refresh();
  listen();
}

function heading(job, ask) {
  const ended = ['succeeded', 'failed', 'cancelled'].includes(job.status);
  const cancelling = job.intent === 'cancel' && !ended;
  const button = (action, label) => el('button', { type: 'button', class: 'plain', onclick: () => ask(action) }, label);
  return el('div', { class: 'row between' },
    el('div', {}, el('h1', {}, job.name),
      el('div', { class: 'row soft small' }, status(job.status), cancelling && 'stopping…',
        el('span', { class: 'code' }, job.id), el('span', {}, 'submitted ', when(job.createdAt)),
        job.finishedAt && el('span', {}, `took ${duration((new Date(job.finishedAt) - new Date(job.createdAt)) / 1000)}`))),
    el('div', { class: 'row' },
      !ended && !cancelling && job.intent === 'run' && button('pause', 'Pause'),
      !ended && job.intent === 'pause' && button('resume', 'Resume'),
      !ended && !cancelling && button('cancel', 'Cancel'),
      ['failed', 'cancelled'].includes(job.status) && button('retry', 'Retry')));
}

function stage(s) {
  const fraction = s.status === 'succeeded' ? 1 : s.progress?.fraction;
  return el('div', { class: 'stage' },
    el('div', { class: 'row' }, el('span', { class: 'name' }, s.id), el('span', { class: 'soft small' }, s.type),
      s.attempt > 1 && el('span', { class: 'soft small' }, `attempt ${s.attempt}`),
      el('span', { class: 'grow' }), status(s.status)),
    s.status !== 'pending' && el('progress', { class: s.status, max: 1, value: fraction ?? (s.status === 'running' ? undefined : 0), 'aria-label': `Progress of ${s.id}` }),
    el('div', { class: 'detail soft small' }, detail(s)));
}

function detail(s) {
  if (s.error) return `${s.error.code}: ${s.error.message}`;
  if (s.status === 'pending') return 'waits for its inputs';
  const parts = [];
  if (s.status === 'succeeded') {
    if (s.startedAt && s.finishedAt) parts.push(`took ${duration((new Date(s.finishedAt) - new Date(s.startedAt)) / 1000)}`);
    parts.push(...Object.entries(s.counts ?? {}).slice(0, 4).map(([name, count]) => `${name} ${number(count)}`));
  } else if (!s.startedAt) {
    parts.push('waits for the service');
  } else if (s.progress) {
    const p = s.progress;
    parts.push(`${p.phase}: ${number(p.done)}${p.total ? ` of ${number(p.total)}` : ''} ${p.unit}`);
    if (p.perSecond > 0) parts.push(`${number(p.perSecond)} a second`);
    if (p.etaSeconds !== undefined) parts.push(`${duration(p.etaSeconds)} left`);
    if (p.message) parts.push(p.message);
  }
  if (s.taskRetries) parts.push(`${s.taskRetries} tasks run again`);
  if (s.deadLetters) parts.push(`${s.deadLetters} dead letters`);
  return parts.join(' · ');
}

function made(job) {
  const rows = job.stages.filter((s) => s.artifact);
  return [el('h2', {}, 'Artifacts'), rows.length === 0
    ? el('p', { class: 'soft' }, 'Nothing made yet.')
    : el('table', {}, el('tbody', {}, rows.map((s) => el('tr', {},
        el('td', {}, s.id),
        el('td', { class: 'code', title: s.artifact }, short(s.artifact))))))];
}

function line(event) {
  const what = [event.type.replace(/^(stage|job)\./, ''), event.stage, event.attempt > 1 && `attempt ${event.attempt}`].filter(Boolean).join(' · ');
  const why = event.data?.message ?? event.data?.reason;
  return el('li', {}, el('span', { class: 'soft' }, `${new Date(event.at).toLocaleTimeString()} `), what, why && `: ${why}`);
}

// One chart for each stage and kind of loss or score; others would only crowd the page.
async function drawCurves(id, curves, signal) {
  const { data } = await get(`/v1/jobs/${id}/metrics?points=300`, signal);
  const groups = new Map();
  for (const series of data.filter((s) => /loss|accuracy|f1/i.test(s.name))) {
    const kind = /loss/i.test(series.name) ? 'loss' : 'scores';
    const title = `${series.stage}: ${kind}`;
    groups.set(title, [...(groups.get(title) ?? []), { label: series.name, points: series.points }]);
  }
  curves.replaceChildren(...[...groups].map(([title, series]) => el('div', { class: 'card' }, el('h2', {}, title), chart(title, series))));
}

async function showReports(job, reports, shown, signal) {
  for (const s of job.stages.filter((x) => x.artifact && x.type.startsWith('evaluation.') && !shown.has(x.artifact))) {
    shown.add(s.artifact);
    try {
      const content = await get(`/v1/artifacts/${s.artifact}/files/report.json`, signal);
      reports.append(el('div', { class: 'card' }, el('h2', {}, `Evaluation: ${s.id}`), report(content)));
    } catch (error) {
      reports.append(notice(error));
    }
  }
}
