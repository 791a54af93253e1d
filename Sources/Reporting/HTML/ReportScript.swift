/// What a page does where there is JavaScript: values under the pointer, tables in another order. Everything else is there without.
enum ReportScript {
  static let text = #"""
    "use strict";
    (() => {
      const results = JSON.parse(document.getElementById("report-data").textContent);

      // 32-bit floats, little endian, in base 64
      const decoded = text => {
        const bytes = Uint8Array.from(atob(text), c => c.charCodeAt(0));
        const view = new DataView(bytes.buffer);
        return Float32Array.from({length: bytes.length / 4}, (_, i) => view.getFloat32(4 * i, true));
      };
      const grid = quantity => quantity.values ??= decoded(quantity.float32);
      const short = value => Number.isNaN(value) ? "not stated" : Number.isFinite(value)
        ? String(Number(value.toPrecision(4))) : "too large";
      const nearest = (axis, value) => {
        let best = 0;
        axis.forEach((x, i) => { if (Math.abs(Math.log(x / value)) < Math.abs(Math.log(axis[best] / value))) best = i; });
        return best;
      };
      const withUnit = (value, unit) => short(value) + (unit === "1" ? "" : " " + unit);

      const line = (result, row, column, named) => {
        const parts = result.grids.map(g => g.name + " = " + short(grid(g)[row * result.d.length + column]));
        if (result.limit) parts.push("limit at this " + result.mass + ": " + (result.limit[row] === null
          ? "none" : result.coupling + " = " + withUnit(result.limit[row], result.unit)));
        return (named ? result.label + ": " : "") + result.mass + " = " + short(result.m4[row]) + " MeV, "
          + result.coupling + " = " + withUnit(result.d[column], result.unit) + ": " + parts.join("; ");
      };

      for (const svg of document.querySelectorAll("svg[data-frame]")) {
        const [left, right, bottom, top] = JSON.parse(svg.dataset.frame);
        const [m4Low, m4High, dLow, dHigh] = JSON.parse(svg.dataset.range).map(Math.log);
        const shown = JSON.parse(svg.dataset.results).map(i => results[i]);
        const readout = document.getElementById(svg.dataset.readout);
        const cursor = svg.querySelector(".cursor");
        const hint = readout.textContent;
        let at = null;

        const x = m4 => left + (Math.log(m4) - m4Low) / (m4High - m4Low) * (right - left);
        const y = d => bottom + (Math.log(d) - dLow) / (dHigh - dLow) * (top - bottom);
        const hide = () => {
          at = null;
          cursor.setAttribute("visibility", "hidden");
          readout.textContent = hint;
        };
        const show = (row, column) => {
          at = [row, column];
          const [m4, d] = [shown[0].m4[row], shown[0].d[column]];
          const [px, py] = [x(m4), y(d)];
          cursor.setAttribute("visibility", "visible");
          cursor.querySelector("path").setAttribute("d", `M${px} ${top}V${bottom}M${left} ${py}H${right}`);
          cursor.querySelector("circle").setAttribute("cx", px);
          cursor.querySelector("circle").setAttribute("cy", py);
          readout.textContent = shown.map((result, i) => i === 0 ? line(result, row, column, shown.length > 1)
            : line(result, nearest(result.m4, m4), nearest(result.d, d), true)).join("\n");
        };
        const follow = event => {
          const p = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
          if (p.x < left || p.x > right || p.y < top || p.y > bottom) return hide();
          show(nearest(shown[0].m4, Math.exp(m4Low + (p.x - left) / (right - left) * (m4High - m4Low))),
            nearest(shown[0].d, Math.exp(dLow + (p.y - bottom) / (top - bottom) * (dHigh - dLow))));
        };
        svg.addEventListener("pointermove", follow);
        svg.addEventListener("pointerdown", follow);
        svg.addEventListener("pointerleave", hide);
        svg.addEventListener("keydown", event => {
          const steps = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1]};
          if (event.key === "Escape") return hide();
          const step = steps[event.key];
          if (!step) return;
          event.preventDefault();
          const {m4, d} = shown[0];
          const inside = (axis, i) => Math.min(Math.max(i, 0), axis.length - 1);
          at ??= [Math.floor(m4.length / 2), nearest(d, Math.exp((dLow + dHigh) / 2))];
          show(inside(m4, at[0] + step[0]), inside(d, at[1] + step[1]));
        });
        readout.hidden = false;
      }

      const number = cell => { const value = Number(cell.textContent); return Number.isNaN(value) ? Infinity : value; };
      for (const table of document.querySelectorAll("table.sortable")) {
        table.querySelectorAll("thead th").forEach((head, column) => {
          const button = document.createElement("button");
          button.append(...head.childNodes);
          button.title = "Sort by this column";
          head.append(button);
          button.addEventListener("click", () => {
            const descending = head.getAttribute("aria-sort") === "ascending";
            table.querySelectorAll("thead th").forEach(other => other.removeAttribute("aria-sort"));
            head.setAttribute("aria-sort", descending ? "descending" : "ascending");
            const body = table.tBodies[0];
            const sign = descending ? -1 : 1;
            body.append(...[...body.rows].sort((a, b) => {
              const [p, q] = [number(a.cells[column]), number(b.cells[column])];
              return p === q ? 0 : p === Infinity ? 1 : q === Infinity ? -1 : sign * (p - q);
            }));
          });
        });
      }
    })();
    """#
}
