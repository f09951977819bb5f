// Validation while typing: the server holds the rules; this shows its answer beside the field.
import { after, make, post, say } from './page.js';

function id_of(control) {
  const group = control.closest('fieldset.field');
  return group ? group.querySelector('[data-validate-url]').id : control.id;
}

function show(control, answer) {
  const id = id_of(control);
  const field = control.closest('.field');
  const old = document.getElementById(`${id}-error`);
  const note = document.getElementById(`${id}-live`);
  const described = control.closest('fieldset.field') ?? control;
  const others = (described.getAttribute('aria-describedby') ?? '')
    .split(' ')
    .filter((other) => other && other !== `${id}-error`);
  if (note) note.textContent = answer.note ?? '';
  field.classList.toggle('field-error', Boolean(answer.error));
  if (!answer.error) {
    if (old) say('The field is now valid');
    old?.remove();
    control.removeAttribute('aria-invalid');
  } else {
    const { reason, given, would_do } = answer.error;
    const error = make('span', { class: 'error', id: `${id}-error` }, reason);
    if (given) error.append(make('span', { class: 'given' }, 'Given: ', make('q', {}, given)));
    if (would_do) error.append(make('span', { class: 'would-do' }, would_do));
    if (old) old.replaceWith(error);
    else (control.closest('.with-unit, .combobox, .choice') ?? control).before(error);
    control.setAttribute('aria-invalid', 'true');
    others.push(error.id);
    if (old?.firstChild?.textContent !== reason) say(`${reason} ${would_do ?? ''}`);
  }
  if (others.length) described.setAttribute('aria-describedby', others.join(' '));
  else described.removeAttribute('aria-describedby');
}

for (const control of document.querySelectorAll('[data-validate-url]')) {
  let turn = 0;
  // What stood there when the page came and was not called wrong stays as it was sent.
  const kept = control.getAttribute('aria-invalid') ? null : control.defaultValue;
  const ask = async () => {
    const mine = ++turn;
    if (kept && control.value === kept) {
      show(control, {});
      return;
    }
    const data = new FormData(control.form);
    data.append('validate', control.name);
    try {
      const answer = await post(control.dataset.validateUrl, data);
      if (answer.ok && mine === turn) show(control, await answer.json());
    } catch {
      /* Without a connection the server validates on saving. */
    }
  };
  const soon = after(400, ask);
  control.addEventListener('change', ask);
  // While a first value is being typed nothing is called wrong; a known error goes as soon as it
  // is mended.
  control.addEventListener('input', () => {
    if (control.getAttribute('aria-invalid')) soon();
  });
}
