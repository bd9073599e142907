/** The judgment as one printable page, complete in itself: no script, no outside host. Texts in it are the file's, escaped. */
import type { AuditReport } from '@dao-gov/node/audit';
import { escaped, tableHtml } from '../bench/chart.ts';

const STYLE = `
@page{size:A4;margin:18mm}
body{font:11pt/1.5 Georgia,"Noto Serif CJK SC","Songti SC",serif;max-width:46rem;margin:2rem auto;color:#000;background:#fff}
h1{font-size:17pt}h2{font-size:13pt;break-after:avoid}p,li{overflow-wrap:anywhere;margin:.25rem 0}
ul{padding-left:1.2rem}li{break-inside:avoid}section+section{break-before:page}
table{border-collapse:collapse;font:9pt/1.4 system-ui,sans-serif;width:100%}th,td{border:1px solid #999;padding:.15rem .4rem;text-align:left}
@media print{body{margin:0;max-width:none}}
`;

/** Lines that stand under another are the items of a list. */
function judgmentHtml(text: string): string {
  const parts: string[] = [];
  let items: string[] = [];
  const close = (): void => {
    if (items.length > 0) parts.push(`<ul>${items.join('')}</ul>`);
    items = [];
  };
  for (const line of text.split('\n')) {
    if (line.startsWith('  ')) items.push(`<li>${escaped(line.trim())}</li>`);
    else {
      close();
      parts.push(`<p>${escaped(line)}</p>`);
    }
  }
  close();
  return parts.join('\n');
}

/** @param report of a bundle that holds; without a verdict there is no judgment to print */
export function judgmentPage({ verdict, steps }: AuditReport & Required<Pick<AuditReport, 'verdict'>>): string {
  const { incident, judgment, asOf } = verdict;
  const title = `${incident.incidentId}: ${incident.title}`;
  const checked = [['step', 'what was checked'], ...steps.map(({ step, detail }) => [step, detail])];
  return `<!doctype html>
<html lang="zh"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title><style>${STYLE}</style></head><body>
<h1>${escaped(title)}</h1>
<section lang="zh"><h2>判决书</h2>
${judgmentHtml(judgment.zh)}
</section>
<section lang="en"><h2>Judgment</h2>
${judgmentHtml(judgment.en)}
</section>
<section lang="en"><h2>Verified from the genesis file alone, as of block ${asOf.height} / 仅凭创世文件验证</h2>
${tableHtml(checked)}
</section>
</body></html>
`;
}
