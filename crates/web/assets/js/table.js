// Tables: j and k move among rows that open, Home and End go to the ends; x ticks the row.
import { bind } from './keys.js';

const rows = () =>
  [...document.querySelectorAll('main a[data-row]')].filter((row) => !row.closest('[hidden]'));
function move(step) {
  const every = rows();
  if (!every.length) return;
  const active =
    document.activeElement?.closest?.('tr')?.querySelector('a[data-row]') ?? document.activeElement;
  let at = every.indexOf(active);
  if (at < 0) at = every.findIndex((row) => row.getAttribute('aria-current')) - (step > 0 ? 0 : 1);
  const next = every[Math.max(0, Math.min(every.length - 1, at + step))];
  next.focus({ preventScroll: true });
  next.closest('tr, li, .card')?.scrollIntoView({ block: 'nearest' });
}
if (rows().length) {
  bind('j', 'Next row', () => move(1));
  bind('k', 'Row before', () => move(-1));
}
if (document.querySelector('main tr input[type=checkbox]')) {
  bind('x', 'Tick the row', () =>
    document.activeElement?.closest?.('tr')?.querySelector('input[type=checkbox]')?.click(),
  );
}
if (document.querySelector('main tr button[value^="favourite"]')) {
  bind('*', 'Keep or drop the code of the row as a favourite', () =>
    document.activeElement
      ?.closest?.('tr')
      ?.querySelector('button[value^="favourite"]')
      ?.click(),
  );
}

// Sticky heads stand under whatever is stuck above them, however high it is.
const stuck = document.querySelector('.stuck');
if (stuck) {
  const measure = () => {
    const height =
      getComputedStyle(stuck).display === 'contents'
        ? (stuck.querySelector('.banner')?.offsetHeight ?? 0)
        : stuck.offsetHeight;
    document.documentElement.style.setProperty('--stuck', `${height}px`);
  };
  new ResizeObserver(measure).observe(document.body);
  measure();
}
// A part that scrolls sideways can be reached by key.
for (const part of document.querySelectorAll('.table-scroll, .diff')) {
  const check = () => {
    if (part.scrollWidth > part.clientWidth + 1) part.tabIndex = 0;
    else part.removeAttribute('tabindex');
  };
  new ResizeObserver(check).observe(part);
}
