package dev.tributary.app.runtime;

import java.nio.file.Path;

/** The small model that comes with Tributary. */
public final class DemoModel {

  private DemoModel() {}

  /** Its directory; the launcher says where Tributary lies with {@code tributary.home}. */
  public static Path directory() {
    return Path.of(System.getProperty("tributary.home", ".")).resolve("deploy/demo").normalize();
  }
}
