/// The style sheet of a report: light, dark where the screen asks for it, and print.
enum ReportStyle {
  static var css: String {
    """
    :root {
      color-scheme: light dark;
      --paper: #ffffff; --page: #f6f7f9; --ink: #1b1f24; --soft: #4d5660; --rule: #d5dae0; --grid: #e4e7eb;
      --link: #00558c; --casing: #ffffff;
      \(ReportPalette.variables(dark: false))
    }
    @media screen and (prefers-color-scheme: dark) {
      :root {
        --paper: #15191e; --page: #0e1114; --ink: #e8eaed; --soft: #b0b8c1; --rule: #39414a; --grid: #262d35;
        --link: #7cc0f0; --casing: #15191e;
        \(ReportPalette.variables(dark: true))
      }
    }
    \(ReportPalette.classes)
    \(text)
    \(figures)
    \(print)
    """
  }

  private static let text = """
    * { box-sizing: border-box; }
    body { margin: 0; background: var(--page); color: var(--ink);
      font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
    header, main, footer { max-width: 66rem; margin: 0 auto; padding: 0 1.5rem; }
    header { padding-top: 2.2rem; }
    h1 { font-size: 1.75rem; line-height: 1.25; margin: 0 0 .6rem; }
    h2 { font-size: 1.3rem; line-height: 1.3; margin: 0 0 .6rem; }
    h3 { font-size: 1.05rem; margin: 1.8rem 0 .4rem; }
    h1, h2, h3 { overflow-wrap: anywhere; }
    p { margin: .5rem 0; max-width: 52rem; overflow-wrap: anywhere; }
    .statement { font-size: 1.05rem; }
    .soft { color: var(--soft); }
    section { background: var(--paper); border: 1px solid var(--rule); border-radius: 8px;
      padding: 1.4rem 1.6rem; margin: 1.3rem 0; }
    nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: .2rem 1.4rem; padding: 0; margin: .8rem 0; }
    a { color: var(--link); }
    sub, sup { line-height: 0; }
    table { border-collapse: collapse; min-width: min(100%, 34rem); font-size: .9rem; font-variant-numeric: tabular-nums; }
    caption { text-align: left; color: var(--soft); padding: .2rem 0 .5rem; max-width: 52rem; }
    th, td { text-align: left; vertical-align: top; padding: .22rem 1.1rem .22rem 0; font-weight: 400; }
    thead th { font-weight: 600; border-bottom: 2px solid var(--rule); }
    tbody tr + tr > * { border-top: 1px solid var(--grid); }
    th.number, td.number { text-align: right; }
    .value { overflow-wrap: anywhere; }
    .wide { overflow-x: auto; }
    .scroll { max-height: 23rem; overflow: auto; border: 1px solid var(--rule); border-radius: 6px; padding: 0 .9rem; }
    .scroll caption { padding-top: .5rem; }
    .scroll thead th { position: sticky; top: 0; background: var(--paper); }
    th button { font: inherit; font-weight: 600; color: inherit; background: none; border: 0; padding: 0; cursor: pointer; }
    th[aria-sort=ascending] button::after { content: " \\2191"; }
    th[aria-sort=descending] button::after { content: " \\2193"; }
    pre { background: var(--page); border: 1px solid var(--rule); border-radius: 6px; padding: .8rem 1rem; overflow-x: auto;
      font-size: .88rem; line-height: 1.45; }
    :focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
    footer { color: var(--soft); padding-bottom: 2rem; font-size: .9rem; }
    """

  private static let figures = """
    figure { margin: .8rem 0; }
    figcaption { color: var(--soft); font-size: .92rem; max-width: 52rem; overflow-wrap: anywhere; }
    .picture { overflow-x: auto; }
    svg.plane { display: block; width: 100%; min-width: 34rem; height: auto; touch-action: pan-x pan-y; }
    svg text { fill: var(--ink); font: 15px system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif; }
    svg text.axis-title { font-size: 18px; }
    .grid, .tics, .zero, .result, .curve, .published, .casing, .level, .cursor path { fill: none; }
    .paper { fill: var(--paper); }
    .border { fill: none; stroke: var(--soft); stroke-width: 1.2; }
    .grid { stroke: var(--grid); } .tics { stroke: var(--soft); } .zero { stroke: var(--soft); stroke-dasharray: 2 3; }
    .region { fill-rule: evenodd; fill-opacity: .2; stroke: none; }
    .result { stroke-width: 3; stroke-linejoin: round; } .sensitivity { stroke-dasharray: 9 5; }
    .curve { stroke-width: 2.4; stroke-linejoin: round; }
    .published { stroke-width: 1.5; stroke-linejoin: round; } .projection { stroke-dasharray: 2 4; }
    .published.mark, .curve.mark { stroke-width: 1.2; fill: var(--paper); }
    .casing { stroke: #ffffff; stroke-width: 6; stroke-linejoin: round; } .level { stroke: #000000; stroke-width: 2.6; }
    .dashed { stroke-dasharray: 9 5; }
    .best { stroke: #000000; fill: #ffffff; stroke-width: 2; }
    .key { stroke: var(--soft); stroke-width: .8; }
    .cursor path { stroke: var(--ink); stroke-width: 1; stroke-dasharray: 4 3; }
    .cursor circle { fill: none; stroke: var(--ink); stroke-width: 2; }
    .cursor { pointer-events: none; }
    .legend { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1.3rem; margin: .5rem 0; padding: 0; font-size: .9rem; }
    .legend li { display: flex; align-items: baseline; gap: .45rem; min-width: 0; }
    .legend span { overflow-wrap: anywhere; }
    .sample { width: 34px; height: 14px; flex: none; align-self: center; }
    .readout { display: block; min-height: 3.4em; white-space: pre-line; font-size: .95rem; font-variant-numeric: tabular-nums;
      padding: .45rem .8rem; margin: .5rem 0; border-left: 3px solid var(--link); background: var(--page); }
    """

  private static let print = """
    @page { margin: 16mm 14mm; }
    @media print {
      body { background: none; font-size: 10pt; }
      header, main, footer { max-width: none; padding: 0; }
      section { border: 0; padding: 0; margin: 1.2rem 0; }
      .picture, .legend, tr { break-inside: avoid; }
      .picture { break-after: avoid; overflow: visible; }
      table { font-size: 8pt; }
      th, td { padding: .2mm 5mm .2mm 0; }
      h2, h3, caption { break-after: avoid; }
      .scroll { max-height: none; overflow: visible; border: 0; padding: 0; }
      .scroll thead th { position: static; }
      nav, .save, .readout, .cursor { display: none; }
      svg.plane { min-width: 0; max-height: 12cm; }
      .key, .region, svg.plane { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
    }
    """
}
