import { useI18n } from '../../lib/i18n/use-i18n.ts';
import { Meter } from '../meter.tsx';
import type { PollView } from './poll.ts';
import styles from './vote-ring.module.css';
import { arcsOf, meetsThresholds, type VoteShare, voteShares } from './vote-shares.ts';

/** Radius at which the circumference is 100, so that a share of 0..1 is a dash of 0..100. */
const RADIUS = 100 / (2 * Math.PI);
const STROKE = 3.4;
const CENTRE = 22;
const FULL_TURN = 2 * Math.PI;

/** A point `distance` from the middle, `turn` (0..1) clockwise from the top. */
const pointAt = (turn: number, distance: number): readonly [x: number, y: number] => [
  CENTRE + distance * Math.sin(turn * FULL_TURN),
  CENTRE - distance * Math.cos(turn * FULL_TURN),
];

function ThresholdMark({ alpha }: { readonly alpha: number }) {
  const { format } = useI18n();
  const [x1, y1] = pointAt(alpha / 1_000, RADIUS - STROKE);
  const [x2, y2] = pointAt(alpha / 1_000, RADIUS + STROKE);
  const [x, y] = pointAt(alpha / 1_000, RADIUS + STROKE + 1.6);
  return (
    <g>
      <line className={styles.threshold} style={{ strokeWidth: 0.5 }} x1={x1} y1={y1} x2={x2} y2={y2} />
      <text className={styles.thresholdLabel} style={{ fontSize: 2.9 }} x={x} y={y + 1} textAnchor="middle">
        &gt;{format.percent(alpha)}
      </text>
    </g>
  );
}

function Ring({ shares, alpha }: { readonly shares: readonly VoteShare[]; readonly alpha: number }) {
  return (
    <svg viewBox="-2 -1 48 48" aria-hidden>
      {arcsOf(shares).map(({ share, start, part }) => (
        <circle
          key={share}
          className={`${styles.arc} ${styles[share]}`}
          style={{ strokeWidth: STROKE }}
          cx={CENTRE}
          cy={CENTRE}
          r={RADIUS}
          strokeDasharray={`${Math.max(0.2, part * 100 - 0.5)} 100`}
          strokeDashoffset={-start * 100}
          transform={`rotate(-90 ${CENTRE} ${CENTRE})`}
        />
      ))}
      <ThresholdMark alpha={alpha} />
    </svg>
  );
}

function Legend({ shares }: { readonly shares: readonly VoteShare[] }) {
  const { t, format } = useI18n();
  return (
    <ul className={styles.legend}>
      {shares.map(({ share, weight, part }) => (
        <li key={share}>
          <span className={`${styles.swatch} ${styles[share]}`} aria-hidden />
          <span>{t(`vote.share.${share}`)}</span>
          <span className={`number ${styles.value}`}>{format.weight(weight)}</span>
          <span className={`number soft ${styles.value}`}>{format.percent(Math.round(part * 1_000))}</span>
        </li>
      ))}
    </ul>
  );
}

/** The weight behind a proposal as a ring, with the support in the middle and the legend as its table. */
export function VoteRing({ proposal }: { readonly proposal: PollView }) {
  const { t, format } = useI18n();
  const shares = voteShares(proposal);
  const met = meetsThresholds(proposal);
  const { supportThousandths: support, participationThousandths: participation, alpha, beta } = proposal;
  return (
    <div className={styles.layout}>
      <div className={styles.ring}>
        <Ring shares={shares} alpha={alpha} />
        <div className={styles.middle}>
          <span className={`number ${styles.rate}`}>{support === null ? '–' : format.percent(support)}</span>
          <span className={styles.caption}>{t(support === null ? 'vote.noSides' : 'vote.support')}</span>
        </div>
      </div>
      <div className={styles.facts}>
        <Legend shares={shares} />
        <Meter
          label={t('vote.supportNeeds', { threshold: format.percent(alpha) })}
          part={(support ?? 0) / 1_000}
          mark={alpha / 1_000}
          text={support === null ? '–' : format.percent(support)}
          tone={met.support ? 'good' : 'accent'}
        />
        <Meter
          label={t('vote.participationNeeds', { threshold: format.percent(beta) })}
          part={participation / 1_000}
          mark={beta / 1_000}
          text={format.percent(participation)}
          tone={met.participation ? 'good' : 'accent'}
        />
      </div>
    </div>
  );
}
