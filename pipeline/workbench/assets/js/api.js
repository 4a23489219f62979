// Requests to the server. The token is part of the page's address, so addresses here are relative to it.

export class Refused extends Error {
  constructor(status, body) {
    super((body.lines || []).join("; ") || body.text || `status ${status}`);
    this.status = status;
    this.body = body;
  }
}

async function checked(answer) {
  if (answer.ok) return answer;
  const text = await answer.text();
  let body = { text };
  try { body = JSON.parse(text); } catch { /* plain text */ }
  throw new Refused(answer.status, body);
}

export const getJson = async (path, signal) => (await checked(await fetch(`api/${path}`, { signal }))).json();

export const getBytes = async (path, signal) => (await checked(await fetch(`api/${path}`, { signal }))).arrayBuffer();

export async function post(path, body = {}) {
  const options = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  return (await checked(await fetch(`api/${path}`, options))).json();
}

// Everything about one run.
export class RunApi {
  constructor(key) { this.key = key; }
  json(name) { return getJson(`${this.key}/${name}`); }
  bytes(name, signal) { return getBytes(`${this.key}/${name}`, signal); }
  post(name, body) { return post(`${this.key}/${name}`, body); }
  film() { return `api/${this.key}/film`; }

  // Calls on(event) for each event of the run; the browser connects again by itself.
  listen(on, lost) {
    const source = new EventSource(`api/${this.key}/events`);
    source.onmessage = (message) => on(JSON.parse(message.data));
    source.onerror = () => lost(source.readyState === EventSource.CLOSED);
    return source;
  }
}
