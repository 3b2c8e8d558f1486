package dev.tributary.platform.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * A request path taken apart into decoded segments. There is one way to write each path: dot
 * segments, empty segments, encoded slashes, backslashes and control characters are refused instead
 * of being resolved, so that no two readers of the same path can disagree.
 *
 * @param segments decoded, none of them empty; none at all for {@code /}
 */
record RequestPath(List<String> segments) {

  /**
   * @param raw as it stands in the request line, without the query
   * @throws HttpException 400
   */
  static RequestPath parse(String raw) {
    if (!raw.startsWith("/")) {
      throw refuse("does not start with a slash");
    }
    List<String> segments = new ArrayList<>();
    if (raw.length() > 1) {
      for (String segment : raw.substring(1).split("/", -1)) {
        segments.add(decodeSegment(segment));
      }
    }
    return new RequestPath(List.copyOf(segments));
  }

  /** Decoded, such as {@code /v1/feedback/f-1}. */
  @Override
  public String toString() {
    return "/" + String.join("/", segments);
  }

  private static String decodeSegment(String raw) {
    String segment = decode(raw);
    if (segment.isEmpty()) {
      throw refuse("has an empty segment; write single slashes and none at the end");
    }
    if (segment.equals(".") || segment.equals("..")) {
      throw refuse("has a dot segment; write the path it leads to");
    }
    if (segment.chars().anyMatch(c -> c < ' ' || c == 0x7f || c == '\\' || c == '/')) {
      throw refuse("has a control character, a backslash or an encoded slash");
    }
    return segment;
  }

  private static String decode(String raw) {
    byte[] bytes = raw.getBytes(StandardCharsets.UTF_8);
    ByteBuffer out = ByteBuffer.allocate(bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '%') {
        out.put(escapedByte(bytes, i));
        i += 2;
      } else {
        out.put(bytes[i]);
      }
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(out.flip()).toString();
    } catch (CharacterCodingException e) {
      throw refuse("is not UTF-8");
    }
  }

  private static byte escapedByte(byte[] bytes, int at) {
    if (at + 2 >= bytes.length
        || !HexFormat.isHexDigit(bytes[at + 1])
        || !HexFormat.isHexDigit(bytes[at + 2])) {
      throw refuse("has a % that two hexadecimal digits do not follow");
    }
    return (byte)
        (HexFormat.fromHexDigit(bytes[at + 1]) << 4 | HexFormat.fromHexDigit(bytes[at + 2]));
  }

  private static HttpException refuse(String problem) {
    return HttpException.badRequest("invalid_path", "the path " + problem);
  }
}
