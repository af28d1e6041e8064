"use strict";
// Blocks of cells as in Excel: chosen with Shift and the arrows, Shift and a click, or by dragging; Ctrl+C copies them
// as Excel does, Ctrl+X takes them along, Delete empties them, Ctrl+V puts a block in. `desk.js` says what a cell holds.
const cellBlocks = (form, { typed, fill, done, more, tell, inText }) => {
  let anchor = null, corner = null, pressed = null;

  const inputOf = (cell) => cell && cell.querySelector("[name^='c.'],[name^='n.']");
  const rowsOf = (cell) => [...cell.closest("tbody").rows];
  const cellFrom = (target) => {
    const cell = target instanceof Element ? target.closest("table.grid tbody td") : null;
    return cell && form.contains(cell) && (inputOf(cell) || cell.querySelector(".computed")) ? cell : null;
  };
  const textOf = (cell) => {
    const input = inputOf(cell);
    return input ? typed(input) : cell.textContent.trim();
  };

  // The cells of the block, line by line.
  function block() {
    if (!anchor || !corner || anchor === corner || !anchor.isConnected || !corner.isConnected) return [];
    const rows = rowsOf(anchor), at = (cell) => rows.indexOf(cell.parentElement);
    const [top, bottom] = [at(anchor), at(corner)].sort((one, other) => one - other);
    const [left, right] = [anchor.cellIndex, corner.cellIndex].sort((one, other) => one - other);
    return rows.slice(top, bottom + 1).map((row) => [...row.cells].slice(left, right + 1));
  }

  function show() {
    for (const cell of form.querySelectorAll("td.chosen")) cell.classList.remove("chosen");
    const cells = block();
    for (const cell of cells.flat()) cell.classList.add("chosen");
    form.classList.toggle("choosing", cells.length > 0);
  }

  function drop() {
    if (!corner) return;
    corner = null;
    show();
  }

  function reach(cell) {
    corner = cell;
    show();
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  // As Excel writes cells to be pasted: tabs between, and quotes around what has a tab, a line or a quote in it.
  const packed = (text) => (/[\t\n"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  function parsed(text) {
    const rows = [[]];
    for (const [, quoted, bare, end] of text.matchAll(/(?:"((?:[^"]|"")*)"(?=[\t\n]|$)|([^\t\n]*))(\t|\n|$)/g)) {
      rows.at(-1).push(quoted === undefined ? bare : quoted.replaceAll('""', '"'));
      if (end === "\n") rows.push([]);
      else if (end === "") break;
    }
    return rows;
  }

  function take(event, empty) {
    const cells = block();
    if (!cells.length) return;
    event.preventDefault();
    event.clipboardData.setData("text/plain", cells.map((row) => row.map((cell) => packed(textOf(cell))).join("\t")).join("\n"));
    if (empty) clear(cells);
    tell(`已${empty ? "剪切" : "复制"} ${cells.length} 行 ${cells[0].length} 列，可以粘贴到 Excel 或这里的表中。`);
  }

  function clear(cells) {
    for (const input of cells.flat().map(inputOf)) if (input && typed(input)) fill(input, "");
    done();
  }

  form.addEventListener("copy", (event) => take(event, false));
  form.addEventListener("cut", (event) => take(event, true));

  // Into the cells from this one on, or from the first of the block; lines beyond the last become new ones. A single
  // text goes into every cell of a block.
  form.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n$/, "");
    const chosen = block(), cell = chosen.length ? chosen[0][0] : event.target.closest("td");
    const table = /[\t\n]/.test(text);
    if (!cell || (!chosen.length && (!table || (event.target.tagName === "TEXTAREA" && !text.includes("\t"))))) return;
    event.preventDefault();
    if (!table) {
      for (const input of chosen.flat().map(inputOf)) if (input) fill(input, text);
    } else {
      const rows = rowsOf(cell), top = rows.indexOf(cell.parentElement), left = cell.cellIndex;
      const lines = parsed(text);
      rows.push(...more(top + lines.length - rows.length));
      let beyond = 0;
      lines.forEach((line, down) => {
        const row = rows[top + down];
        if (!row) { beyond += 1; return; }
        line.forEach((value, right) => {
          const input = inputOf(row.cells[left + right]);
          if (input) fill(input, value);
        });
      });
      if (beyond) alert(`这一部分到最后一行为止，后面的 ${beyond} 行没有粘贴：请到下一部分再粘贴，要增加行的到最后一部分。`);
    }
    drop();
    done();
  });

  form.addEventListener("mousedown", (event) => {
    if (event.button) return;
    const cell = cellFrom(event.target);
    if (event.shiftKey && cell && anchor && anchor.isConnected && anchor !== cell) {
      event.preventDefault();
      reach(cell);
      return;
    }
    drop();
    pressed = cell;
  });
  form.addEventListener("mouseover", (event) => {
    if (!pressed || !(event.buttons & 1)) { pressed = null; return; }
    const cell = cellFrom(event.target);
    if (!cell || (cell === pressed && !corner)) return;
    anchor = pressed;
    const input = inputOf(anchor);
    if (input && input.setSelectionRange) input.setSelectionRange(0, 0);
    getSelection().removeAllRanges();
    reach(cell);
  });
  addEventListener("mouseup", () => { pressed = null; });
  form.addEventListener("focusin", (event) => {
    const cell = cellFrom(event.target);
    if (cell === anchor) return;
    drop();
    anchor = cell;
  });
  form.addEventListener("focusout", (event) => { if (!form.contains(event.relatedTarget)) drop(); });
  form.addEventListener("input", drop);

  const WAYS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  // Before the keys of a single cell: those of a block.
  form.addEventListener("keydown", (event) => {
    const cell = cellFrom(event.target), way = WAYS[event.key];
    if (!cell || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (way && event.shiftKey && !inText()) {
      event.preventDefault();
      event.stopImmediatePropagation();
      const from = corner || anchor, rows = rowsOf(from);
      const row = rows[rows.indexOf(from.parentElement) + way[0]];
      const next = row && cellFrom(row.cells[from.cellIndex + way[1]]);
      if (next) reach(next);
    } else if (corner && (event.key === "Delete" || event.key === "Backspace")) {
      event.preventDefault();
      event.stopImmediatePropagation();
      clear(block());
    } else if (corner && event.key === "Escape") {
      event.preventDefault();
      event.stopImmediatePropagation();
      drop();
    } else if (event.key !== "Shift") drop();
  }, true);
};
