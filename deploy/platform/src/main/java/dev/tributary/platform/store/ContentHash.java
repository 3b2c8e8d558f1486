package dev.tributary.platform.store;

import dev.tributary.foundation.error.ConfigException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Names bytes by what they are: lower-case hexadecimal SHA-256.
 *
 * <p>A directory is named by the hash of its manifest: the line {@code tributary-directory-v1},
 * then one line {@code <sha-256 of the file> <path with slashes>} for each file, sorted by path.
 * Times and permissions do not count, so equal content has equal names on every machine.
 */
final class ContentHash {

  private static final String MANIFEST_HEADER = "tributary-directory-v1";
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

  private ContentHash() {}

  /** Refuses anything that is not a SHA-256 in hex, so that a name can never leave the store. */
  static String check(String hash) {
    if (!HEX.matcher(hash).matches()) {
      throw ConfigException.of(
          "content_hash", hash, "use the 64 lower-case hexadecimal digits of a SHA-256");
    }
    return hash;
  }

  static String of(byte[] bytes) {
    return HexFormat.of().formatHex(sha256().digest(bytes));
  }

  static String of(Path fileOrDirectory) throws IOException {
    return Files.isDirectory(fileOrDirectory, LinkOption.NOFOLLOW_LINKS)
        ? ofDirectory(fileOrDirectory)
        : ofFile(fileOrDirectory);
  }

  /** Every regular file below a directory, sorted; anything else but directories is refused. */
  static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> walk = Files.walk(directory)) {
      return walk.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
          .peek(ContentHash::requireRegular)
          .sorted((a, b) -> slashed(directory, a).compareTo(slashed(directory, b)))
          .toList();
    }
  }

  private static String ofDirectory(Path directory) throws IOException {
    StringBuilder manifest = new StringBuilder(MANIFEST_HEADER).append('\n');
    for (Path file : files(directory)) {
      manifest.append(ofFile(file)).append("  ").append(slashed(directory, file)).append('\n');
    }
    return of(manifest.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static String ofFile(Path file) throws IOException {
    requireRegular(file);
    MessageDigest digest = sha256();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  static void requireRegular(Path file) {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw ConfigException.of(
          "artefact", file, "store plain files only; links and devices are refused");
    }
  }

  private static String slashed(Path directory, Path file) {
    return directory.relativize(file).toString().replace(File.separatorChar, '/');
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
