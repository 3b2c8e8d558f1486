package dev.tributary.evaluator.loop;

import dev.tributary.foundation.error.ConfigException;
import dev.tributary.foundation.error.RetriableException;
import dev.tributary.platform.health.Health;
import dev.tributary.platform.health.HealthFlag;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that evaluates. It runs one {@link EvaluationSession} after the other: when something
 * outside fails, the session is thrown away and a new one starts from what is committed, never from
 * memory. What only a person can correct ends the loop and is reported as not live.
 */
public final class EvaluationLoop implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(EvaluationLoop.class);
  private static final Duration BACKOFF = Duration.ofSeconds(1);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(4);

  private final Supplier<EvaluationSession> sessions;
  private final Health health;
  private final HealthFlag ready;
  private final Thread thread;
  private volatile boolean closing;

  private EvaluationLoop(Supplier<EvaluationSession> sessions, Health health) {
    this.sessions = sessions;
    this.health = health;
    this.ready = health.flag("evaluation");
    this.thread = Thread.ofPlatform().name("evaluation").daemon().unstarted(this::run);
  }

  /**
   * Starts the thread.
   *
   * @param health gets the component {@code evaluation}
   */
  public static EvaluationLoop start(LoopParts parts, Health health) {
    EvaluationLoop loop = new EvaluationLoop(parts::newSession, health);
    loop.thread.start();
    return loop;
  }

  private void run() {
    while (!closing) {
      try (EvaluationSession session = sessions.get()) {
        session.resume();
        ready.ready();
        while (!closing) {
          session.work();
        }
      } catch (ConfigException e) {
        fail(e);
        return;
      } catch (RetriableException | KafkaException e) {
        if (!closing) {
          LOG.warn("evaluation is interrupted and will start again: {}", e.getMessage(), e);
          ready.notReady(e.getMessage());
          LockSupport.parkNanos(BACKOFF.toNanos());
        }
      } catch (RuntimeException | Error e) {
        fail(e);
        return;
      }
    }
  }

  private void fail(Throwable cause) {
    if (!closing) {
      LOG.error("evaluation has stopped", cause);
      ready.notReady(cause.getMessage());
      health.failed("evaluation has stopped: " + cause.getMessage());
    }
  }

  /** Stops after the batch being scored; what was not committed is done again at the next start. */
  @Override
  public void close() {
    closing = true;
    thread.interrupt();
    try {
      if (!thread.join(STOP_PATIENCE)) {
        LOG.warn("evaluation is still busy; it ends with the process");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
