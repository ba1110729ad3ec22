import { markup } from "./markup.ts";

/**
 * The look: system fonts, one accent for the outcome, colours as variables so that light, dark and paper differ in one
 * place. Every text has a contrast of 4.5 or more to its ground (WCAG 2.2, 1.4.3); a test computes them.
 */
export const STYLE = markup`
:root{color-scheme:light dark;
--ground:#f6f5f1;--sheet:#ffffff;--ink:#1d2329;--quiet:#59626b;--line:#d8d6cf;--route:#bfbcb2;--soft:#f5f4f0;--link:#1b4f9c;
--good:#17663a;--warn:#7d4e00;--bad:#a81c1c;--open:#46566a;
--good-soft:#e6f2ea;--warn-soft:#faeed6;--bad-soft:#fbe9e9;--open-soft:#e8edf2;
--mono:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
@media (prefers-color-scheme:dark){:root{
--ground:#111417;--sheet:#191d21;--ink:#e7e5df;--quiet:#a3abb3;--line:#353b42;--route:#535c66;--soft:#20252a;--link:#8fb8f5;
--good:#6ecb93;--warn:#e5b35a;--bad:#f49088;--open:#a9bbd1;
--good-soft:#1b2c22;--warn-soft:#322815;--bad-soft:#3a1f1f;--open-soft:#232c37}}
.good{--tone:var(--good);--tone-soft:var(--good-soft)}
.warn{--tone:var(--warn);--tone-soft:var(--warn-soft)}
.bad{--tone:var(--bad);--tone-soft:var(--bad-soft)}
.open{--tone:var(--open);--tone-soft:var(--open-soft)}
*{box-sizing:border-box}
html{background:var(--ground);-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif;overflow-wrap:break-word}
main{max-width:60rem;margin:2.5rem auto 0;background:var(--sheet);border:1px solid var(--line);border-top:6px solid var(--tone);border-radius:3px}
p{margin:.6em 0}
dl,figure{margin:0}
a{color:var(--link);text-underline-offset:.15em}
code,pre{font-family:var(--mono);font-size:.86em}
code{overflow-wrap:anywhere}
.quiet{color:var(--quiet)}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
mark{background:var(--bad-soft);color:var(--bad);font:.8em var(--mono);padding:0 .25em;margin:0 .1em;border:1px solid;border-radius:2px}
:focus-visible{outline:2px solid var(--link);outline-offset:2px}

.head{padding:1.5rem 2.5rem 0}
.kind{margin:0;color:var(--quiet);font-size:.78rem;letter-spacing:.16em;text-transform:uppercase;font-weight:600}
.verdict{margin:1.3rem 0 1.8rem}
h1{display:flex;align-items:center;gap:.8rem;margin:0;color:var(--tone);font-size:2.1rem;line-height:1.15;font-weight:700;letter-spacing:-.015em}
h1 .sign{flex:none;fill:none;stroke:currentColor;stroke-width:3.2;stroke-linecap:round;stroke-linejoin:round}
.artifact{margin:.8rem 0 0;font-size:1.25rem;line-height:1.3;font-weight:600;overflow-wrap:anywhere}
.lead{margin:.3rem 0 0;max-width:46rem;font-size:1.05rem}
.alarm{border-left:4px solid var(--bad);background:var(--bad-soft);color:var(--bad);padding:.6rem .9rem;font-weight:600}
.fields{display:grid;grid-template-columns:1.1fr .8fr 1.2fr 1.3fr;margin:0 -2.5rem;border-top:1px solid var(--line);border-bottom:1px solid var(--line)}
.fields div{padding:.55rem 1.1rem .7rem;border-left:1px solid var(--line);min-width:0}
.fields div:nth-child(2),.fields .wide{border-left:0;padding-left:2.5rem}
.fields .wide{grid-column:1/-1;border-bottom:1px solid var(--line)}
.fields dt{font-size:.76rem;color:var(--quiet)}
.fields dd{margin:.1rem 0 0;font-size:.94rem;overflow-wrap:anywhere}

nav{padding:.8rem 2.5rem;border-bottom:1px solid var(--line);font-size:.88rem}
nav ol{display:flex;flex-wrap:wrap;gap:.2rem 1.25rem;margin:0;padding:0;list-style:none}
nav a{text-decoration:none}
nav a:hover{text-decoration:underline}
main{counter-reset:section}
section{padding:1.7rem 2.5rem 2rem;border-bottom:1px solid var(--line);counter-increment:section}
section:last-of-type{border-bottom:0}
h2{margin:0 0 .8rem;font-size:1.28rem;line-height:1.3;letter-spacing:-.01em}
h2::before{content:counter(section);display:inline-block;min-width:1.7rem;color:var(--quiet);font-weight:400}
h3{margin:1.6rem 0 .6rem;font-size:1rem}
h2+h3{margin-top:0}
h3 .n{margin-left:.25em;font-weight:400;color:var(--quiet)}
footer{max-width:60rem;margin:0 auto;padding:.7rem 2.5rem 2.5rem;color:var(--quiet);font-size:.85rem}

.badge{display:inline-block;color:var(--tone);background:var(--tone-soft);font-size:.8rem;font-weight:600;line-height:1.5;padding:.05em .55em;border-radius:3px}
.reasons{list-style:none;margin:0;padding:0}
.reasons li{border-left:4px solid var(--tone);background:var(--soft);padding:.75rem 1.1rem .9rem;margin:0 0 .7rem;border-radius:0 3px 3px 0;break-inside:avoid}
.rule{display:flex;flex-wrap:wrap;align-items:center;gap:.3rem .8rem;margin:0 0 .4rem}
.rule code{font-size:.95em;font-weight:600}
.reasons dl,.facts{display:grid;grid-template-columns:7rem 1fr;gap:.25rem 1rem}
.reasons dt,.facts dt{color:var(--quiet);font-size:.88rem;padding-top:.1em}
.reasons dd,.facts dd{margin:0;min-width:0;overflow-wrap:anywhere}
.facts{gap:.5rem 1rem}
.fix{font-weight:600}
.commands,.words{margin:0;padding-left:1.4rem}
.plain{margin:0;padding:0;list-style:none}
.digest{white-space:nowrap;cursor:help}
.what{margin-bottom:.3rem}
pre{margin:0 0 1rem;padding:.65rem .9rem;background:var(--soft);border:1px solid var(--line);border-radius:3px;white-space:pre-wrap;overflow-wrap:anywhere}
pre code{font-size:1em}

.chain{display:block;width:100%;max-width:52rem;height:auto;margin:.6rem auto 0;font-family:inherit}
.chain.narrow{display:none;max-width:24rem;margin-left:0}
.route path{fill:none;stroke:var(--route);stroke-width:3;stroke-linecap:round;stroke-linejoin:round}
.stop g>:first-child{fill:var(--sheet);stroke:var(--tone);stroke-width:2.5;stroke-linejoin:round}
.stop .ring{fill:none;stroke:var(--tone);stroke-width:1}
.stop .dashed{stroke-dasharray:5 3}
.stop .sign{fill:none;stroke:var(--tone);stroke-width:3;stroke-linecap:round;stroke-linejoin:round}
.stop text{font-size:13.5px;fill:var(--quiet)}
.stop .name{font-size:15.5px;font-weight:600;fill:var(--ink)}
.stop .state{font-weight:600;fill:var(--tone)}
.stop .id{font-family:var(--mono);font-size:12px;fill:var(--ink)}
figcaption{display:flex;flex-wrap:wrap;gap:.1rem 1.3rem;justify-content:center;margin:1rem 0 .6rem;font-size:.82rem}
figcaption span{color:var(--tone)}

.scroll{overflow-x:auto;position:relative}
table{border-collapse:collapse;width:100%;font-size:.9rem}
th,td{text-align:left;vertical-align:top;padding:.42rem .9rem .42rem 0;border-bottom:1px solid var(--line)}
th:last-child,td:last-child{padding-right:0}
thead th{font-size:.8rem;color:var(--quiet);font-weight:600;border-bottom-width:2px;white-space:nowrap}
tbody th{font-weight:400}
tbody p{margin:.15rem 0 0}
th .badge,td .badge{white-space:nowrap}
.list th{font-weight:500;overflow-wrap:anywhere}
.list td:nth-of-type(n+2){white-space:nowrap}
.list td:nth-of-type(3),.list td:nth-of-type(5){white-space:normal}
.passed th{white-space:nowrap}
.passed td{width:34%}
.passed td:last-child{width:auto}
.papers th,.papers td:nth-of-type(1){overflow-wrap:anywhere}
.findings tbody th{min-width:13rem}
.findings td:nth-of-type(2){min-width:13rem}
.findings td:nth-of-type(4){min-width:9rem}
.way{color:var(--quiet);font-size:.85rem;overflow-wrap:anywhere}
.summaries{display:grid;grid-template-columns:repeat(3,1fr);gap:1rem 2.4rem;align-items:start;margin:1.2rem 0}
.bars caption{text-align:left;font-weight:600;font-size:.85rem;padding-bottom:.25rem}
.bars th,.bars td{border:0;padding:.08rem .7rem .08rem 0;font-size:.86rem}
.bars th{overflow-wrap:anywhere}
.bars .num{text-align:right;font-variant-numeric:tabular-nums}
.bars td:last-child{width:40%;padding:.08rem 0}
.bar{display:block;width:100%;height:.5rem;margin-top:.48rem;fill:var(--quiet)}
details{margin:.5rem 0}
summary{cursor:pointer;color:var(--link);font-size:.92rem;padding:.2rem 0}
details[open]>summary{margin-bottom:.5rem}
.columns{columns:18rem;margin:0;padding-left:1.2rem}
.columns li{break-inside:avoid}

@media screen and (max-width:48rem){
main{margin:0;border-left:0;border-right:0;border-radius:0}
.head,section,nav,footer{padding-left:1.1rem;padding-right:1.1rem}
.fields{grid-template-columns:1fr 1fr;margin:0 -1.1rem}
.fields div,.fields div:nth-child(2),.fields .wide{border-left:0;padding:.5rem 1.1rem}
h1{font-size:1.6rem;gap:.6rem}
.summaries{grid-template-columns:1fr}
.reasons dl,.facts{grid-template-columns:1fr;gap:0}
.reasons dd,.facts dd{margin-bottom:.45rem}
.scroll table{min-width:38rem}
}
@media screen and (max-width:40rem){.chain.wide{display:none}.chain.narrow{display:block}}
@media print{
:root{color-scheme:light;--ground:#ffffff;--sheet:#ffffff;--ink:#000000;--quiet:#444444;--line:#bbbbbb;--route:#999999;--soft:#ffffff;--link:#000000;
--good:#17663a;--warn:#7d4e00;--bad:#a81c1c;--open:#46566a;--good-soft:#ffffff;--warn-soft:#ffffff;--bad-soft:#ffffff;--open-soft:#ffffff}
@page{margin:14mm 15mm}
html{font-size:9.5pt}
body{font-size:1rem}
main{margin:0;max-width:none;border-left:0;border-right:0;border-bottom:0}
.head,section,footer{padding-left:0;padding-right:0}
.head{padding-top:.8rem}
.fields{grid-template-columns:1.1fr .8fr 1.2fr 1.9fr;margin:0}
.fields div:nth-child(2),.fields .wide{padding-left:0}
section{padding-top:1rem;padding-bottom:1rem}
nav{display:none}
h2,h3,section>p:not(:last-child){break-after:avoid}
.facts+p{break-before:avoid}
tr,figure,.summaries,pre,.what{break-inside:avoid}
tbody tr:first-child{break-before:avoid}
.what{break-after:avoid}
.scroll{overflow:visible}
.badge{padding:0}
.chain.wide{display:block;max-width:44rem}.chain.narrow{display:none}
:not(.digests)>.digest{white-space:normal}
dd:not(.digests)>.digest span,td:not(.digests)>.digest span,p>.digest span,li>.digest span{display:none}
dd:not(.digests)>.digest::after,td:not(.digests)>.digest::after,p>.digest::after,li>.digest::after{content:attr(title);font-size:.82em;overflow-wrap:anywhere}
summary{color:inherit}
details:not([open])>summary::after{content:" (folded; open it before printing to have it on paper)"}
}
`;
