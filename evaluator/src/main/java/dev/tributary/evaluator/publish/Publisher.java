package dev.tributary.evaluator.publish;

import dev.tributary.foundation.AdapterId;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A place from which servers take adapters.
 *
 * <p>Life cycle of a version: {@link #publish} makes it available under its immutable name ({@code
 * tenant.domain@v17}) and returns only when it is; then {@link #activate} makes the alias {@code
 * tenant.domain} mean that version. A later version, or an earlier one on rollback, is activated in
 * the same way; versions are never changed and never taken away, so requests under way finish on
 * the version they began with. {@link #deactivate} removes the alias: the base model answers.
 *
 * <p>Promises every implementation keeps, held by {@code PublisherContract}:
 *
 * <ul>
 *   <li>Each method may be repeated with the same arguments and then changes nothing: a process
 *       killed midway finishes by doing it again.
 *   <li>Nothing half-written is ever visible under a version's name, and the alias names either the
 *       old or the new version.
 *   <li>A name once published keeps its content; publishing other content under it is refused.
 *   <li>The alias never names a version that was not published.
 * </ul>
 *
 * <p>Called by one thread at a time. Instances are closed by whoever made them.
 */
public interface Publisher extends AutoCloseable {

  /** Short name for metrics and messages, such as {@code directory}. */
  String name();

  /**
   * Makes a version available under its immutable name.
   *
   * @param adapter whose version
   * @param version from 1
   * @param source verified PEFT directory
   * @return where servers find it
   * @throws dev.tributary.foundation.error.CorruptArtifactException if the name is taken by other
   *     content
   * @throws dev.tributary.foundation.error.RetriableException if the place cannot be written now
   */
  String publish(AdapterId adapter, int version, Path source);

  /**
   * Makes the alias mean this version.
   *
   * @throws dev.tributary.foundation.error.CorruptArtifactException if the version is not published
   * @throws dev.tributary.foundation.error.RetriableException if the place cannot be written now
   */
  void activate(AdapterId adapter, int version);

  /**
   * Removes the alias.
   *
   * @throws dev.tributary.foundation.error.RetriableException if the place cannot be written now
   */
  void deactivate(AdapterId adapter);

  /** The version name the alias means; empty when the base model answers. */
  Optional<String> active(AdapterId adapter);

  @Override
  void close();
}
