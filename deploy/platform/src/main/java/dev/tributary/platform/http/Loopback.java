package dev.tributary.platform.http;

import java.util.Locale;

/**
 * Names and addresses of this machine that nobody else can reach. Decided by their text: no name is
 * looked up.
 */
final class Loopback {

  private Loopback() {}

  static boolean isLoopback(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    return name.equals("localhost")
        || name.equals("::1")
        || name.equals("[::1]")
        || name.matches("127(\\.(25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}");
  }
}
