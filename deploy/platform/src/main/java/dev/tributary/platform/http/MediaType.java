package dev.tributary.platform.http;

import java.util.Locale;

/** Media types this project reads or writes. */
public final class MediaType {

  public static final String JSON = "application/json";
  public static final String NDJSON = "application/x-ndjson";
  public static final String PROBLEM = "application/problem+json";
  public static final String EVENT_STREAM = "text/event-stream";
  public static final String TEXT = "text/plain; charset=utf-8";

  private MediaType() {}

  /** The type alone, in lower case, of a header such as {@code Application/JSON; charset=utf-8}. */
  static String of(String header) {
    int parameters = header.indexOf(';');
    return (parameters < 0 ? header : header.substring(0, parameters))
        .strip()
        .toLowerCase(Locale.ROOT);
  }
}
