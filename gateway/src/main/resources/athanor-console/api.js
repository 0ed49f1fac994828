// Calls to the gateway. The key lives in sessionStorage only: it is gone when the tab is closed.
const KEY = 'athanor.key';

export const key = {
  get: () => sessionStorage.getItem(KEY),
  set: (value) => sessionStorage.setItem(KEY, value),
  forget: () => sessionStorage.removeItem(KEY),
};

export class Problem extends Error {
  constructor(status, problem) {
    super(problem?.detail ?? `the gateway answered with status ${status}`);
    this.status = status;
  }
}

async function call(path, options = {}) {
  const response = await fetch(path, {
    ...options,
    credentials: 'omit',
    cache: 'no-store',
    headers: { Authorization: `Bearer ${key.get()}`, ...options.headers },
  });
  if (!response.ok) {
    throw new Problem(response.status, await response.json().catch(() => null));
  }
  return response;
}

export const get = async (path, signal) => (await call(path, { signal })).json();

export const post = async (path, body) =>
  (await call(path, {
    method: 'POST',
    headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  })).json();

// Server-sent events by fetch, because EventSource cannot send the key. Reconnects from the last event until 'end'.
export async function follow(path, onEvent, signal) {
  let last = '0';
  let wait = 500;
  while (!signal.aborted) {
    try {
      const response = await call(path, { signal, headers: { Accept: 'text/event-stream', 'Last-Event-ID': last } });
      for await (const event of messages(response.body)) {
        wait = 500;
        last = event.id ?? last;
        if (event.type === 'end') {
          return;
        }
        onEvent(JSON.parse(event.data));
      }
    } catch (error) {
      if (signal.aborted || (error instanceof Problem && error.status < 500)) {
        return;
      }
    }
    await new Promise((resolve) => setTimeout(resolve, wait));
    wait = Math.min(wait * 2, 10000);
  }
}

async function* messages(stream) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) {
      return;
    }
    buffer += value;
    const blocks = buffer.split('\n\n');
    buffer = blocks.pop();
    for (const block of blocks) {
      const message = { id: undefined, type: 'message', data: '' };
      for (const line of block.split('\n')) {
        if (line.startsWith('id: ')) message.id = line.slice(4);
        if (line.startsWith('event: ')) message.type = line.slice(7);
        if (line.startsWith('data: ')) message.data += line.slice(6);
      }
      if (message.data) {
        yield message;
      }
    }
  }
}
