import { Button } from 'antd';
import type { MouseEvent, ReactNode } from 'react';
import { useHref, useNavigate } from 'react-router';

/** A link to another screen that looks like a button; opening it in a new tab works as with any link. */
export function LinkButton({
  to,
  icon,
  children,
}: {
  readonly to: string;
  readonly icon?: ReactNode;
  readonly children: ReactNode;
}) {
  const navigate = useNavigate();
  const href = useHref(to);
  const go = (event: MouseEvent): void => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    void navigate(to);
  };
  return (
    <Button href={href} icon={icon} onClick={go}>
      {children}
    </Button>
  );
}
