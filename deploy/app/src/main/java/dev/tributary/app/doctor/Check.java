package dev.tributary.app.doctor;

import java.util.List;

/**
 * Looks at one part of the machine. Never throws for what it finds; needs nothing but the machine.
 */
@FunctionalInterface
public interface Check {

  List<Finding> run();
}
