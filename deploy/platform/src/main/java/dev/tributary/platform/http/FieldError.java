package dev.tributary.platform.http;

/**
 * What is wrong with one field of a request body.
 *
 * @param pointer JSON pointer (RFC 6901) to the field; empty for the whole body
 * @param detail what was found and what to write instead, for a person to read
 */
public record FieldError(String pointer, String detail) {}
