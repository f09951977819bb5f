// What every module needs of the page: speaking to screen readers, the token, requests.

/** Tells a screen reader something; `urgent` interrupts. */
export function say(text, urgent = false) {
  const region = document.getElementById(urgent ? 'alert' : 'live');
  if (!region) return;
  region.textContent = '';
  setTimeout(() => {
    region.textContent = text;
  }, 50);
}

/** Posts a form's data as the page would. A finished request counts as activity. */
export async function post(url, data, headers = {}) {
  const token = document.querySelector('meta[name="csrf"]')?.content;
  const body = new URLSearchParams();
  for (const [name, value] of data) if (typeof value === 'string') body.append(name, value);
  if (token && !body.has('csrf')) body.append('csrf', token);
  const answer = await fetch(url, { method: 'POST', body, headers, credentials: 'same-origin' });
  if (answer.ok) document.dispatchEvent(new CustomEvent('session-touched'));
  return answer;
}

/** Runs `work` once `wait_ms` have passed without another call. */
export function after(wait_ms, work) {
  let timer;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => work(...values), wait_ms);
  };
}

/** A new element with attributes and children. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Keeps a choice of the reader for a year, where the server sees it too. */
export function keep(name, value) {
  const secure = location.protocol === 'https:' ? '; Secure' : '';
  document.cookie = `${name}=${value}; Path=/; Max-Age=31536000; SameSite=Strict${secure}`;
}
