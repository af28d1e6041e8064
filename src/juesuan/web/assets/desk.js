"use strict";
// Saves each change as it is made and shows what checking finds. Without this script the form's own button saves.
// What is not yet saved is kept in the browser, so that neither a closed window nor a broken line loses anything.
(() => {
  const form = document.getElementById("sheet");
  if (!form || !form.querySelector("[data-field]")) return;
  const shown = document.getElementById("saved");
  const store = `juesuan-${form.dataset.user}-${form.dataset.filing}-${form.dataset.sheet}`;
  const changed = new Map();
  let timer = 0, busy = false, pause = 1000;

  const fields = new Map([...form.querySelectorAll("[data-field]")].map((input) => [input.dataset.field, input]));
  const seen = (field) => form.elements[`w.${field}`];
  const plain = (text) => text.replace(/\r\n/g, "\n").trim();
  const tell = (text, kind = "") => { shown.textContent = text; shown.className = `status ${kind}`; };

  function keep() {
    const left = Object.fromEntries([...changed].map(([field, value]) => [field, { value, was: seen(field).value }]));
    try {
      if (changed.size) localStorage.setItem(store, JSON.stringify(left));
      else localStorage.removeItem(store);
    } catch { /* A browser that keeps nothing: saving goes on all the same. */ }
  }

  function note(input) {
    const field = input.dataset.field;
    if (plain(input.value) === plain(seen(field).value)) changed.delete(field);
    else changed.set(field, input.value);
    keep();
  }

  function soon(milliseconds) {
    clearTimeout(timer);
    timer = setTimeout(save, milliseconds);
  }

  async function save() {
    if (busy || !changed.size) return;
    busy = true;
    const sent = new Map(changed);
    const body = new URLSearchParams({ csrf: form.elements.csrf.value });
    for (const [field, value] of sent) {
      body.set(`c.${field}`, value);
      body.set(`w.${field}`, seen(field).value);
    }
    tell("正在保存…");
    try {
      const answer = await fetch(form.action, {
        method: "POST", body, keepalive: body.toString().length < 60000, headers: { accept: "application/json" },
      });
      if (answer.status === 401 || answer.status === 403) {
        tell("登录已过期，没有保存；改动暂存在这台电脑上。请重新登录后再打开这一页。", "bad");
        return;
      }
      const told = await answer.json();
      if (!answer.ok) {
        tell(told.trouble || "没有保存。", "bad");
        return;
      }
      for (const field of told.saved) {
        seen(field).value = plain(sent.get(field));
        if (changed.get(field) === sent.get(field)) changed.delete(field);
      }
      for (const conflict of told.conflicts) clash(conflict);
      for (const [field, value] of sent) {
        // What became what it was before: nothing to save.
        if (plain(value) === plain(seen(field).value)) changed.delete(field);
      }
      keep();
      pause = 1000;
      if (told.conflicts.length) tell("有人同时改了标出的格子，请看过后决定。", "bad");
      else if (!changed.size) tell(`已保存 ${new Date().toLocaleTimeString("zh-CN")}`, "good");
      await check();
    } catch {
      tell("网络中断，没有保存；改动暂存在这台电脑上，正在重试。", "bad");
      pause = Math.min(pause * 2, 30000);
      busy = false;
      soon(pause);
      return;
    } finally {
      busy = false;
    }
    if (changed.size && ![...changed.keys()].every((field) => document.getElementById(`clash-${field}`))) soon(300);
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
        if (!mine) input.value = value;
        item.remove();
        note(input);
        if (changed.size) save(); else check();
      });
      item.append(button, " ");
    }
    list.append(item);
  }

  function write(list, notes) {
    for (const item of [...list.children]) if (!item.id.startsWith("clash-")) item.remove();
    for (const one of notes) {
      const item = document.createElement("li");
      item.className = one.level;
      item.append(one.message);
      if (one.why) {
        const more = document.createElement("span");
        more.className = "soft";
        more.textContent = ` ${one.why}（${one.basis}）`;
        item.append(more);
      }
      list.prepend(item);
    }
  }

  async function check() {
    const address = `${form.dataset.check}?sheet=${encodeURIComponent(form.dataset.sheet)}`;
    const answer = await fetch(address, { headers: { accept: "application/json" } });
    if (!answer.ok) return;
    const told = await answer.json();
    for (const [field, input] of fields) {
      const notes = told.notes[field] || [];
      write(document.getElementById(`notes-${field}`), notes);
      input.toggleAttribute("aria-invalid", notes.some((one) => one.level === "error"));
    }
    write(document.getElementById("loose"), told.loose);
    for (const [field, text] of Object.entries(told.computed)) {
      const place = form.querySelector(`[data-computed="${CSS.escape(field)}"]`);
      if (place) place.textContent = text;
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
    if (!event.target.dataset.field) return;
    note(event.target);
    tell("有改动…");
    soon(800);
  });
  form.addEventListener("change", (event) => {
    if (!event.target.dataset.field) return;
    note(event.target);
    soon(0);
  });
  // A block copied in Excel: into the cells from this one on; lines beyond the last become new ones.
  form.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n$/, "");
    const cell = event.target.closest("td");
    if (!cell || event.target.tagName === "TEXTAREA" && !text.includes("\t") || !/[\t\n]/.test(text)) return;
    event.preventDefault();
    const rows = [...cell.closest("tbody").rows];
    const top = rows.indexOf(cell.parentElement), left = cell.cellIndex;
    const keys = [...rows[rows.length - 1].cells].map((one) => {
      const input = one.querySelector("[name]");
      return input ? input.name.split(".").slice(2).join(".") : "";
    });
    let extra = 1000, added = false;
    text.split("\n").forEach((line, down) => {
      const row = rows[top + down];
      line.split("\t").forEach((value, right) => {
        const input = row && row.cells[left + right] && row.cells[left + right].querySelector("[name^='c.'],[name^='n.']");
        if (input) {
          input.value = plain(value);
          if (input.dataset.field) note(input); else added = true;
        } else if (!row && keys[left + right]) {
          const hidden = document.createElement("input");
          hidden.type = "hidden";
          hidden.name = `n.${extra + down}.${keys[left + right]}`;
          hidden.value = plain(value);
          form.append(hidden);
          added = true;
        }
      });
    });
    if (added) form.requestSubmit(); else soon(0);
  });
  // Leaving the page: what is still waiting goes out now, and stays in the browser until it is known to have arrived.
  addEventListener("pagehide", () => { clearTimeout(timer); save(); });
  form.addEventListener("submit", () => clearTimeout(timer));

  try {
    const left = JSON.parse(localStorage.getItem(store) || "{}");
    for (const [field, { value, was }] of Object.entries(left)) {
      const input = fields.get(field);
      if (!input) continue;
      input.value = value;
      // What its editor saw, not what stands there now: a change by another in between is then noticed.
      seen(field).value = was;
      changed.set(field, value);
    }
    if (changed.size) { tell("找到上次没有保存的改动，正在保存…"); soon(0); }
  } catch { /* Nothing kept, or not readable. */ }
})();
