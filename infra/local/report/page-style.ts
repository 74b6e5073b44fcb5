/** The page's own style sheet; both colour schemes keep blue and orange apart for every kind of sight. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --bg: #f6f7f9; --card: #ffffff; --ink: #16202c; --soft: #55616f; --line: #d8dee6;
  --blue: #0072b2; --orange: #b84a00; --good: #00704f; --bad: #b3261e; --fill: rgba(0,114,178,.16); }
@media (prefers-color-scheme: dark) { :root { --bg: #0f151c; --card: #18212b; --ink: #e8edf3; --soft: #a3b0be; --line: #2c3946;
  --blue: #56b4e9; --orange: #f0a040; --good: #4fd1a5; --bad: #ff8a80; --fill: rgba(86,180,233,.2); } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--bg); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 1040px; margin: 0 auto; padding: 24px 16px 64px; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0; letter-spacing: -.01em; }
h2 { font-size: 1.15rem; margin: 0 0 4px; }
p { margin: 4px 0 0; } .lead, .note { color: var(--soft); } .note { font-size: .9rem; }
.badge { display: inline-block; margin-top: 12px; padding: 3px 12px; border-radius: 99px; border: 1.5px solid; font-weight: 600; font-size: .9rem; }
.good { color: var(--good); } .bad { color: var(--bad); }
.cards { display: grid; gap: 12px; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); margin: 20px 0; }
.card, section { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 14px 16px; }
section { margin-top: 16px; }
.card b { display: block; font-size: 1.45rem; line-height: 1.25; font-variant-numeric: tabular-nums; }
.card span { color: var(--soft); font-size: .88rem; }
.chart, .table { overflow-x: auto; -webkit-overflow-scrolling: touch; }
svg { display: block; width: 100%; min-width: 580px; height: auto; margin-top: 8px; }
.axis { fill: var(--soft); font-size: 13px; } .grid { stroke: var(--line); stroke-width: 1; }
.area { fill: var(--fill); } .used { fill: none; stroke: var(--blue); stroke-width: 2; }
.other { fill: none; stroke: var(--orange); stroke-width: 1.6; stroke-dasharray: 2 3; }
.cap { fill: none; stroke: var(--ink); stroke-width: 1.3; stroke-dasharray: 7 4; opacity: .65; }
.steal, .victim { fill: var(--orange); } .steal { stroke: var(--card); stroke-width: .8; }
.thief { fill: var(--blue); } .link { stroke: var(--soft); stroke-width: 1; opacity: .55; }
.bound { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 4 4; }
.key { display: flex; flex-wrap: wrap; gap: 4px 18px; font-size: .9rem; color: var(--soft); padding: 0; margin: 6px 0 0; list-style: none; }
.key svg { display: inline-block; width: 22px; min-width: 0; height: 12px; margin: 0 6px 0 0; vertical-align: -1px; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; font-variant-numeric: tabular-nums; margin-top: 8px; }
th, td { padding: 5px 10px 5px 0; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; }
th { color: var(--soft); font-weight: 600; } th:first-child, td:first-child, .words { text-align: left; }
td.wide { white-space: normal; min-width: 16em; }
summary { cursor: pointer; font-weight: 600; padding: 4px 0; } summary:focus-visible { outline: 2px solid var(--blue); }
.empty { color: var(--soft); padding: 12px 0; }
`;
