"use strict";
// Saves each change as it is made and shows what checking finds. Without this script the form's own button saves.
// What is not yet saved is kept in the browser, so that neither a closed window nor a broken line loses anything.
(() => {
  const form = document.getElementById("sheet");
  if (!form || !form.querySelector("[data-field], tr.blank")) return;
  const shown = document.getElementById("saved");
  const part = form.dataset.part;
  const store = `juesuan-${form.dataset.user}-${form.dataset.filing}-${form.dataset.sheet}${part ? `-${part}` : ""}`;
  const changed = new Map();
  const removal = document.getElementById("removal");
  // So much goes out at a time; the rest follows.
  const CELLS = 1200, LINES = 300;
  let timer = 0, busy = false, pause = 1000;

  const fields = new Map([...form.querySelectorAll("[data-field]")].map((input) => [input.dataset.field, input]));
  const saw = new Map([...form.querySelectorAll("[name^='w.']")].map((input) => [input.name.slice(2), input]));
  const seen = (field) => saw.get(field);
  const plain = (text) => text.replace(/\r\n/g, "\n").trim();
  const tell = (text, kind = "") => { shown.textContent = text; shown.className = `status ${kind}`; };

  // Amounts are shown with a comma at each thousand while nobody is in their cell; what was typed stands in data-raw.
  const typed = (input) => ("raw" in input.dataset ? input.dataset.raw : input.value);
  function dress(input) {
    if (!input.classList.contains("money") || input === document.activeElement) return;
    const parts = /^(-?\d{4,})(\.\d+)?$/.exec(input.value.trim());
    if (!parts) return;
    input.dataset.raw = input.value;
    input.value = parts[1].replace(/\B(?=(\d{3})+$)/g, ",") + (parts[2] || "");
  }
  function undress(input) {
    if (!("raw" in input.dataset)) return false;
    input.value = input.dataset.raw;
    delete input.dataset.raw;
    return true;
  }
  function put(input, value) {
    delete input.dataset.raw;
    if (input.tagName === "SELECT" && ![...input.options].some((one) => one.value === value)) input.add(new Option(value));
    input.value = value;
    dress(input);
  }

  // Lines that are not there yet: `tr.blank`, with inputs called n.NUMBER.KEY.
  const keyOf = (input) => input.name.split(".").slice(2).join(".");
  const blanks = () => [...form.querySelectorAll("tr.blank")];
  const inputsOf = (row) => [...row.querySelectorAll("[name^='n.']")];
  const cellsOf = (row) => Object.fromEntries(
    inputsOf(row).map((input) => [keyOf(input), plain(typed(input))]).filter(([, value]) => value));
  const begun = () => blanks().filter((row) => Object.keys(cellsOf(row)).length);
  const waiting = () => begun().filter((row) => !row.contains(document.activeElement));
  const pattern = blanks().length ? blanks()[0].cloneNode(true) : null;
  let numbers = 1000;

  // Whatever is asked of a form is looked for among the names of its fields first, which are gathered anew after each
  // new field: not once a line.
  const first = Number(form.dataset.before);
  const lineIds = new Set([...form.querySelectorAll("tr[data-line]")].map((row) => row.dataset.line));

  // So many new lines, put in at once; none where the list goes on on the next page.
  function more(count) {
    const rows = [];
    while (pattern && rows.length < count) {
      const row = pattern.cloneNode(true);
      for (const input of inputsOf(row)) input.name = `n.${numbers}.${keyOf(input)}`;
      numbers += 1;
      rows.push(row);
    }
    if (rows.length) form.querySelector("tbody").append(...rows);
    return rows;
  }

  // A new line that is saved: a line like those above it.
  function settle(row, id, sent) {
    if (lineIds.has(String(id))) {
      for (const input of inputsOf(row)) put(input, "");
      return;
    }
    row.classList.remove("blank");
    row.dataset.line = id;
    lineIds.add(String(id));
    const number = first + lineIds.size;
    row.cells[0].textContent = number;
    row.cells[0].classList.remove("soft");
    for (const input of inputsOf(row)) {
      const field = `${id}.${keyOf(input)}`;
      input.setAttribute("aria-label", input.getAttribute("aria-label").replace("新的一行", `第${number}行`));
      input.setAttribute("aria-describedby", `notes-${field}`);
      const was = document.createElement("input");
      was.type = "hidden";
      was.name = `w.${field}`;
      was.value = sent[keyOf(input)] || "";
      input.name = `c.${field}`;
      input.dataset.field = field;
      const list = document.createElement("ul");
      list.className = "notes";
      list.id = `notes-${field}`;
      input.after(was, list);
      fields.set(field, input);
      saw.set(field, was);
      compare(input);
    }
    for (const place of row.querySelectorAll("[data-column]")) place.dataset.computed = `${id}.${place.dataset.column}`;
    const button = document.createElement("button");
    button.className = "quiet";
    button.setAttribute("form", "removal");
    button.name = "remove";
    button.value = id;
    button.dataset.ask = `删除第 ${number} 行？`;
    button.setAttribute("aria-label", `删除第${number}行`);
    button.textContent = "删除";
    row.cells[row.cells.length - 1].append(button);
  }

  function keep() {
    const left = Object.fromEntries([...changed].map(([field, value]) => [field, { value, was: seen(field).value }]));
    const lines = begun().map(cellsOf);
    try {
      if (changed.size || lines.length) {
        localStorage.setItem(store, JSON.stringify({ left, lines, last: form.dataset.last }));
      } else localStorage.removeItem(store);
    } catch { /* A browser that keeps nothing: saving goes on all the same. */ }
  }

  // Whether a cell holds something else than what is saved; of many cells, what is left to save is kept once (`keep`).
  function compare(input) {
    const field = input.dataset.field;
    if (plain(typed(input)) === plain(seen(field).value)) changed.delete(field);
    else changed.set(field, typed(input));
  }

  function note(input) {
    compare(input);
    keep();
  }

  function soon(milliseconds) {
    clearTimeout(timer);
    timer = setTimeout(save, milliseconds);
  }

  // What an answer says, whatever it is made of.
  async function read(answer) {
    const kind = answer.headers.get("content-type") || "";
    if (kind.includes("json")) return answer.json();
    const text = kind.startsWith("text/plain") ? (await answer.text()).trim() : "";
    return { trouble: text || `服务器没有完成（代码 ${answer.status}），请稍后再试，或告诉管理员。` };
  }

  function again() {
    pause = Math.min(pause * 2, 30000);
    busy = false;
    soon(pause);
  }

  // A line somebody is still writing waits until they leave it, unless `all` is to go out now.
  async function save(all = false) {
    const rows = (all ? begun() : waiting()).slice(0, LINES);
    if (busy || (!changed.size && !rows.length)) return;
    busy = true;
    const sent = new Map([...changed].slice(0, CELLS)), lines = rows.map(cellsOf);
    const body = new URLSearchParams({ csrf: form.elements.csrf.value });
    for (const [field, value] of sent) {
      body.set(`c.${field}`, value);
      body.set(`w.${field}`, seen(field).value);
    }
    lines.forEach((cells, number) => {
      for (const [key, value] of Object.entries(cells)) body.set(`n.${number}.${key}`, value);
    });
    body.set("seen", form.dataset.last);
    tell("正在保存…");
    let answer;
    try {
      answer = await fetch(form.action, {
        method: "POST", body, keepalive: body.toString().length < 60000, headers: { accept: "application/json" },
      });
    } catch {
      tell("网络中断，没有保存；改动暂存在这台电脑上，正在重试。", "bad");
      again();
      return;
    }
    try {
      if (answer.status === 401 || answer.status === 403) {
        tell("登录已过期，没有保存；改动暂存在这台电脑上，登录后自动保存。", "bad");
        const link = document.createElement("a");
        link.href = `${form.dataset.again}?next=${encodeURIComponent(location.pathname)}`;
        link.textContent = "重新登录";
        shown.append(link);
        return;
      }
      const told = await read(answer);
      if (!answer.ok) {
        tell(`没有保存：${told.trouble || "原因不明。"} 改动暂存在这台电脑上。`, "bad");
        // The server is busy or in trouble: it may be better in a moment. What it refuses it will refuse again.
        if (answer.status === 429 || answer.status >= 500) again();
        return;
      }
      for (const field of told.saved) {
        seen(field).value = plain(sent.get(field));
        if (changed.get(field) === sent.get(field)) changed.delete(field);
      }
      rows.forEach((row, number) => settle(row, told.added[number], lines[number]));
      if (rows.length) more(3 - blanks().length);
      form.dataset.last = Math.max(Number(form.dataset.last), ...told.added);
      for (const conflict of told.conflicts) clash(conflict);
      for (const [field, value] of sent) {
        // What became what it was before: nothing to save.
        if (plain(value) === plain(seen(field).value)) changed.delete(field);
      }
      keep();
      pause = 1000;
      if (told.conflicts.length) tell("有人同时改了标出的格子，请看过后决定。", "bad");
      else if (waiting().length) tell("正在保存其余各行…");
      else if (!changed.size) tell(`已保存 ${new Date().toLocaleTimeString("zh-CN")}`, "good");
      // Of a large block the findings are shown with its last piece.
      if (sent.size < CELLS && rows.length < LINES) check();
    } catch {
      tell("服务器的答复不完整，不能确定是否已保存；改动暂存在这台电脑上，正在重试。", "bad");
      again();
      return;
    } finally {
      busy = false;
    }
    if (changed.size && ![...changed.keys()].every((field) => document.getElementById(`clash-${field}`))) soon(300);
    else if (waiting().length) soon(300);
  }

  function clash({ field, value, by }) {
    const input = fields.get(field);
    const list = document.getElementById(`notes-${field}`);
    const old = document.getElementById(`clash-${field}`);
    if (old) old.remove();
    const item = document.createElement("li");
    item.id = `clash-${field}`;
    item.className = "error";
    if (value === null) {
      item.textContent = `${by} 刚删除了这一行。`;
      changed.delete(field);
      list.append(item);
      return;
    }
    item.append(`${by} 同时改了这里，现在是“${value}”。 `);
    for (const [title, mine] of [["用对方的", false], ["用我的", true]]) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "quiet";
      button.textContent = title;
      button.addEventListener("click", () => {
        seen(field).value = value;
        if (!mine) put(input, value);
        item.remove();
        note(input);
        if (changed.size) { save(); return; }
        tell("全部已保存。", "good");
        check();
      });
      item.append(button, " ");
    }
    list.append(item);
  }

  function write(list, notes) {
    for (const item of [...list.children]) if (!item.id.startsWith("clash-")) item.remove();
    const first = list.firstChild;
    for (const one of notes) {
      const item = document.createElement("li");
      item.className = one.level;
      item.append(one.message);
      if (one.why) {
        const why = document.createElement("span");
        why.className = "soft";
        why.textContent = ` ${one.why}（${one.basis}）`;
        item.append(why);
      }
      if (one.offer && one.offer.length) {
        const offered = document.createElement("details"), lines = document.createElement("ul");
        offered.append(document.createElement("summary"), lines);
        offered.firstChild.textContent = "可参考";
        for (const text of one.offer) lines.append(Object.assign(document.createElement("li"), { textContent: text }));
        item.append(offered);
      }
      list.insertBefore(item, first);
    }
  }

  // The next cell is saved while this goes on; what changed meanwhile is checked after it.
  let checking = false, outdated = false;
  async function check() {
    outdated = true;
    if (checking) return;
    checking = true;
    try {
      while (outdated) {
        outdated = false;
        await look();
      }
    } finally {
      checking = false;
    }
  }

  async function look() {
    const address = `${form.dataset.check}?sheet=${encodeURIComponent(form.dataset.sheet)}&part=${part}`;
    let told;
    try {
      const answer = await fetch(address, { headers: { accept: "application/json" } });
      if (!answer.ok) return;
      told = await answer.json();
    } catch {
      return; // Saved all the same: the findings come with the next change.
    }
    for (const [field, input] of fields) {
      const notes = told.notes[field] || [];
      write(document.getElementById(`notes-${field}`), notes);
      if (notes.some((one) => one.level === "error")) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    }
    write(document.getElementById("loose"), told.loose);
    for (const place of form.querySelectorAll("[data-computed]")) {
      const text = told.computed[place.dataset.computed];
      if (text !== undefined && place.textContent !== text) place.textContent = text;
    }
    for (const [key, text] of Object.entries(told.sums)) {
      const place = form.querySelector(`[data-sum="${CSS.escape(key)}"]`);
      if (place) place.textContent = text;
    }
    for (const [title, text] of Object.entries(told.groups)) {
      const place = form.querySelector(`[data-group="${CSS.escape(title)}"]`);
      if (place) place.textContent = text;
    }
    for (const [key, [errors, missing, warnings]] of Object.entries(told.sheets)) {
      const badge = document.querySelector(`[data-badge="${CSS.escape(key)}"]`);
      badge.textContent = errors || missing || warnings || "";
      badge.className = `badge ${errors ? "error" : missing ? "missing" : "warning"}`;
    }
  }

  form.addEventListener("input", (event) => {
    if (event.target.dataset.field) note(event.target);
    else if (event.target.closest("tr.blank")) keep();
    else return;
    tell("有改动…");
    soon(800);
  });
  form.addEventListener("change", (event) => {
    if (!event.target.dataset.field) return;
    note(event.target);
    soon(0);
  });
  form.addEventListener("focusin", (event) => { if (undress(event.target)) event.target.select(); });
  form.addEventListener("focusout", (event) => {
    const row = event.target.closest("tr.blank");
    if (row && !row.contains(event.relatedTarget)) soon(0);
    setTimeout(() => dress(event.target));
  });
  // Leaving the page: what is still waiting goes out now, and stays in the browser until it is known to have arrived.
  addEventListener("pagehide", () => { clearTimeout(timer); save(true); });
  addEventListener("online", () => soon(0));
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    clearTimeout(timer);
    event.preventDefault();
    if (changed.size || begun().length) save(true);
    else tell("没有改动，全部已保存。", "good");
  });
  // What is not saved yet goes out before a line is deleted, because the page comes anew.
  if (removal) removal.addEventListener("submit", async (event) => {
    if (event.defaultPrevented || !event.submitter || !(changed.size || begun().length)) return;
    event.preventDefault();
    clearTimeout(timer);
    while (busy) await new Promise((done) => setTimeout(done, 50));
    const left = () => changed.size + begun().length;
    for (let before = Infinity; left() && left() < before;) {
      before = left();
      await save(true);
    }
    if (left()) return;
    const line = document.createElement("input");
    line.type = "hidden";
    line.name = "remove";
    line.value = event.submitter.value;
    removal.append(line);
    removal.submit();
  });
  // The keys of Excel. A cell that one comes to is chosen as a whole: arrows lead on. From F2, a click into it or
  // typing on, one is in its text: arrows move there, and Esc gives back what stood in the cell when one came to it.
  let before = "", inside = false;
  const cellOf = (row, column) => row && row.cells[column] && row.cells[column].querySelector("[name^='c.'],[name^='n.']");

  function beside(input, down, right) {
    const cell = input.closest("td");
    if (!cell) {
      const inputs = [...form.querySelectorAll("[data-field]")];
      return inputs[inputs.indexOf(input) + down];
    }
    const rows = [...cell.closest("tbody").rows];
    let row = cell.parentElement, column = cell.cellIndex;
    if (down) {
      row = rows[rows.indexOf(row) + down] || (down > 0 && more(1)[0]);
      return cellOf(row, column);
    }
    // Computed cells and the button are passed over.
    for (column += right; column > 0 && column < row.cells.length; column += right) {
      if (cellOf(row, column)) return cellOf(row, column);
    }
    return null;
  }

  form.addEventListener("focusin", (event) => {
    before = "value" in event.target ? typed(event.target) : "";
    inside = false;
    // What one comes to by key is chosen whole, so that typing replaces it.
    if (event.target.tagName === "INPUT" && event.target.name) event.target.select();
  });
  form.addEventListener("input", () => { inside = true; });
  form.addEventListener("mousedown", (event) => { if (event.target === document.activeElement) inside = true; });

  cellBlocks(form, {
    typed, more, tell, inText: () => inside,
    fill: (input, value) => { put(input, plain(value)); if (input.dataset.field) compare(input); },
    done: () => { keep(); save(true); },
  });

  const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  form.addEventListener("keydown", (event) => {
    const input = event.target, text = input.tagName === "TEXTAREA";
    if (event.isComposing || event.keyCode === 229 || (input.tagName !== "INPUT" && !text) || !input.name) return;
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "F2") {
      event.preventDefault();
      inside = true;
      input.setSelectionRange(input.value.length, input.value.length);
    } else if (event.key === "Escape") {
      if (input.value === before) return;
      event.preventDefault();
      input.value = before;
      inside = false;
      if (input.dataset.field) note(input);
      input.select();
    } else if (event.key === "Enter" && !text) {
      event.preventDefault();
      const next = beside(input, event.shiftKey ? -1 : 1, 0);
      if (next) next.focus();
      else input.blur();
    } else if (MOVES[event.key] && !inside && !event.shiftKey) {
      const next = beside(input, ...MOVES[event.key]);
      if (!next) return;
      event.preventDefault();
      next.focus();
    }
  });

  try {
    const { left = {}, lines = [], last } = JSON.parse(localStorage.getItem(store) || "{}");
    const rows = blanks();
    rows.push(...more(lines.length - rows.length));
    lines.forEach((cells, number) => {
      const row = rows[number];
      if (!row) return;
      for (const input of inputsOf(row)) put(input, cells[keyOf(input)] || "");
    });
    // With what their writer had seen: a line that has arrived all the same is not added again.
    if (lines.length) { form.dataset.last = last; tell("找到上次没有保存的改动，正在保存…"); soon(0); }
    for (const [field, { value, was }] of Object.entries(left)) {
      const input = fields.get(field);
      if (!input) continue;
      put(input, value);
      // What its editor saw, not what stands there now: a change by another in between is then noticed.
      seen(field).value = was;
      changed.set(field, value);
    }
    if (changed.size) { tell("找到上次没有保存的改动，正在保存…"); soon(0); }
  } catch { /* Nothing kept, or not readable. */ }
  // What was typed while this script was still on its way.
  for (const [field, input] of fields) {
    if (!changed.has(field) && plain(typed(input)) !== plain(seen(field).value)) { note(input); soon(800); }
  }
  for (const input of form.querySelectorAll(".money")) dress(input);
})();
