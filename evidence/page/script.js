// Lets every table sort by a click on a column's head, and filter by what is typed above it.
for (const box of document.querySelectorAll('.table')) {
  const body = box.querySelector('tbody');
  const matches = box.querySelector('.matches');
  const rows = [...body.rows];
  const texts = rows.map((row) => row.textContent.toLowerCase());

  const filter = (query) => {
    let shown = 0;
    rows.forEach((row, place) => {
      row.hidden = !texts[place].includes(query);
      if (!row.hidden) shown += 1;
    });
    matches.textContent = query === '' ? '' : `${shown} of ${rows.length} rows`;
  };
  box.querySelector('input')?.addEventListener('input', (event) => filter(event.target.value.trim().toLowerCase()));

  const heads = [...box.querySelectorAll('thead th')];
  const collator = new Intl.Collator('en', { numeric: true });
  heads.forEach((head, column) => {
    const isNumber = head.classList.contains('number');
    const keyOf = (row) => row.cells[column].textContent.trim();
    const compare = (a, b) =>
      isNumber
        ? Number(keyOf(a).replaceAll(',', '')) - Number(keyOf(b).replaceAll(',', ''))
        : collator.compare(keyOf(a), keyOf(b));
    head.querySelector('button').addEventListener('click', () => {
      const isAscending = head.ariaSort !== 'ascending';
      for (const other of heads) other.removeAttribute('aria-sort');
      head.ariaSort = isAscending ? 'ascending' : 'descending';
      body.append(...[...rows].sort((a, b) => (isAscending ? compare(a, b) : compare(b, a))));
    });
  });
}
