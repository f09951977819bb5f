// Combobox (ARIA 1.2 pattern): the server answers a POST of q with
// {"items": [{"value", "label", "detail", "refused", "favourite"}], "more": 12}. With favourites
// the empty field is asked for too, and * on an item keeps or drops it.
import { after, make, post } from './page.js';

function attach(box) {
  const input = box.querySelector('[role="combobox"]');
  const list = box.querySelector('[role="listbox"]');
  const status = box.querySelector('[data-combobox-status]');
  const { url, favourites } = box.dataset;
  let items = [];
  let at = -1;
  let turn = 0;

  const close = () => {
    list.hidden = true;
    at = -1;
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
  };
  const choose = (index) => {
    const item = items[index];
    if (!item || item.refused) return;
    input.value = item.value;
    status.textContent = item.label;
    close();
    for (const kind of ['input', 'change']) input.dispatchEvent(new Event(kind, { bubbles: true }));
    turn++;
  };
  const point = (index) => {
    const options = [...list.children];
    if (!options.length) return;
    at = (index + options.length) % options.length;
    options.forEach((option, i) => option.setAttribute('aria-selected', String(i === at)));
    input.setAttribute('aria-activedescendant', options[at].id);
    options[at].scrollIntoView({ block: 'nearest' });
  };
  const fill = (answer) => {
    items = answer.items ?? [];
    at = -1;
    list.replaceChildren(
      ...items.map((item, index) => {
        const option = make(
          'li',
          { role: 'option', id: `${list.id}-${index}`, 'aria-selected': 'false' },
          make('span', { class: 'value' }, item.value),
          make('span', {}, item.label),
        );
        const detail = item.refused ?? item.detail;
        if (detail) option.append(make('span', { class: 'detail' }, detail));
        if (item.favourite) option.append(make('span', { class: 'detail', 'data-star': '' }, '★'));
        if (item.refused) option.setAttribute('aria-disabled', 'true');
        option.addEventListener('mousedown', (event) => {
          event.preventDefault();
          choose(index);
        });
        return option;
      }),
    );
    list.hidden = items.length === 0;
    input.setAttribute('aria-expanded', String(items.length > 0));
    const more = answer.more ? `, ${answer.more} more: type on` : '';
    const typed = input.value.trim();
    if (!typed) {
      status.textContent = items.length
        ? `${items.length} of your favourites`
        : 'No favourites yet: point at a code that is found, and press *.';
    } else {
      status.textContent = items.length
        ? `${items.length} found${more}`
        : 'Nothing found. Try fewer or other words.';
    }
  };
  const keep = async (index) => {
    const item = items[index];
    try {
      const answer = await post(favourites, [['code', item.value]]);
      if (!answer.ok) throw new Error(answer.status);
      item.favourite = (await answer.json()).favourite;
      const option = list.children[index];
      option?.querySelector('[data-star]')?.remove();
      if (item.favourite) option?.append(make('span', { class: 'detail', 'data-star': '' }, '★'));
      status.textContent = item.favourite
        ? `${item.value} is a favourite`
        : `${item.value} is no favourite any more`;
    } catch {
      status.textContent = `${item.value} could not be kept. Load the page again.`;
    }
  };
  const search = async () => {
    const mine = ++turn;
    if (!input.value.trim() && !favourites) {
      close();
      status.textContent = '';
      return;
    }
    try {
      const data = [['q', input.value], ...new FormData(input.form ?? undefined)].filter(
        ([name], i) => i === 0 || name.startsWith('context'),
      );
      const answer = await post(url, data);
      if (mine !== turn) return;
      if (answer.ok) fill(await answer.json());
      else status.textContent = 'The search did not answer. The code can be typed in full.';
    } catch {
      if (mine === turn) status.textContent = 'Connection lost. The code can be typed in full.';
    }
  };
  const soon = after(80, search);

  input.addEventListener('input', (event) => {
    if (event.isTrusted) soon();
  });
  input.addEventListener('blur', close);
  input.addEventListener('click', () => {
    if (favourites && list.hidden && !input.value.trim()) search();
  });
  input.addEventListener('keydown', (event) => {
    const open = !list.hidden;
    if (event.key === 'ArrowDown') {
      if (open) point(at + 1);
      else search();
    } else if (event.key === 'ArrowUp' && open) point(at < 0 ? -1 : at - 1);
    else if (event.key === 'Enter' && open && at >= 0 && !event.ctrlKey) choose(at);
    else if (event.key === '*' && favourites && open && at >= 0) keep(at);
    else if (event.key === 'Escape' && open) close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
}

for (const box of document.querySelectorAll('[data-combobox]')) attach(box);
