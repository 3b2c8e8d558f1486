package dev.tributary.engine.tokenizer;

import java.nio.charset.StandardCharsets;

/**
 * GPT-2's spelling of bytes as printable characters: a byte that prints stands for itself, the
 * others are moved up from U+0100. A space becomes {@code Ġ}. So a vocabulary of such characters
 * covers every text there is.
 */
final class ByteAlphabet {

  static final int SIZE = 256;

  private static final char[] CHARACTERS = characters();

  private ByteAlphabet() {}

  private static char[] characters() {
    char[] characters = new char[SIZE];
    char next = 0x100;
    for (int b = 0; b < SIZE; b++) {
      boolean prints = b >= '!' && b <= '~' || b >= 0xA1 && b <= 0xAC || b >= 0xAE;
      characters[b] = prints ? (char) b : next++;
    }
    return characters;
  }

  static char of(int unsignedByte) {
    return CHARACTERS[unsignedByte];
  }

  /** A text's UTF-8 bytes, one character each. */
  static String spell(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    StringBuilder spelled = new StringBuilder(bytes.length);
    for (byte b : bytes) {
      spelled.append(of(b & 0xFF));
    }
    return spelled.toString();
  }
}
