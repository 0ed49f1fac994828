// Small helpers to make elements; text always goes in as text, never as HTML.
export function el(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

export function svg(name, attributes = {}, ...children) {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) {
      continue;
    }
    if (name.startsWith('on')) {
      element.addEventListener(name.slice(2), value);
    } else {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const status = (value) => el('span', { class: `status ${value}` }, value);

export const when = (iso) =>
  iso ? el('time', { datetime: iso, title: iso }, new Date(iso).toLocaleString([], { dateStyle: 'medium', timeStyle: 'medium' })) : '–';

export function duration(seconds) {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

export function number(value) {
  if (Number.isInteger(value)) return value.toLocaleString();
  const size = Math.abs(value);
  return size !== 0 && (size < 0.001 || size >= 1e6) ? value.toExponential(2) : value.toLocaleString([], { maximumSignificantDigits: 4 });
}

export const percent = (value) => `${(100 * value).toFixed(1)} %`;

export const notice = (error) => el('div', { class: 'notice', role: 'alert' }, error.message);

export const short = (artifact) => `${artifact.slice(0, 15)}…`;
