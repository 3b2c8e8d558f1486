package dev.tributary.platform.lifecycle;

import dev.tributary.platform.health.Health;
import java.time.Duration;

/** A service that is as ready as its health says, and ends when all of its parts are closed. */
public abstract class CompositeService implements Service {

  private final String name;
  private final int port;
  private final Health health;
  private final CloseStack parts;

  /**
   * @param parts all that was started for it; closed with it
   */
  protected CompositeService(String name, int port, Health health, CloseStack parts) {
    this.name = name;
    this.port = port;
    this.health = health;
    this.parts = parts;
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final int port() {
    return port;
  }

  @Override
  public final void awaitReady(Duration limit) {
    health.awaitReady(limit);
  }

  @Override
  public final void close() {
    parts.close();
  }
}
