/** One turn at a time, in order: whatever changes the node's state runs here, so no two things ever change it at once. */

type Turn = () => Promise<void> | void;

export class TurnQueue {
  private readonly turns: Turn[] = [];
  private readonly onIdle: () => void;
  private readonly onFatal: (error: unknown) => void;
  private running: Promise<void> | null = null;
  private stopped = false;

  /**
   * @param onIdle called when nothing waits any more; may add turns
   * @param onFatal called once when a turn throws; nothing runs after it
   */
  constructor(onIdle: () => void, onFatal: (error: unknown) => void) {
    this.onIdle = onIdle;
    this.onFatal = onFatal;
  }

  add(turn: Turn): void {
    if (this.stopped) return;
    this.turns.push(turn);
    this.kick();
  }

  /** Like `add`, and resolves when the turn has run or never will. */
  run(turn: Turn): Promise<void> {
    if (this.stopped) return Promise.resolve();
    return new Promise((done) => {
      this.add(async () => {
        try {
          await turn();
        } finally {
          done();
        }
      });
      void this.ended.then(done);
    });
  }

  private end: () => void = () => {};
  private readonly ended = new Promise<void>((done) => {
    this.end = done;
  });

  /** Lets the turn that runs finish and drops the rest. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.end();
    await this.running;
  }

  private kick(): void {
    if (this.running || this.turns.length === 0) return;
    this.running = this.drain().then(
      () => {
        this.running = null;
        this.kick(); // a turn may have come after the last look
      },
      (error) => {
        this.stopped = true;
        this.end();
        this.onFatal(error);
      },
    );
  }

  private async drain(): Promise<void> {
    for (let turn = this.turns.shift(); turn && !this.stopped; turn = this.turns.shift()) {
      await turn();
      if (this.turns.length === 0 && !this.stopped) this.onIdle();
    }
  }
}
