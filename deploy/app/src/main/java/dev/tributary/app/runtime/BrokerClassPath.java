package dev.tributary.app.runtime;

/** Where the broker's own jars are. */
public final class BrokerClassPath {

  private BrokerClassPath() {}

  /**
   * The directory the launcher names with {@code tributary.broker.classpath}; without one, this
   * process's class path.
   */
  public static String find() {
    String own = System.getProperty("java.class.path");
    return System.getProperty("tributary.broker.classpath", own);
  }
}
