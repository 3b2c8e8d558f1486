package dev.tributary.app.bench.told;

import java.util.List;

/**
 * A candidate as the registry has it.
 *
 * @param name such as {@code told.desk@v3}
 * @param verdict passed, failed or inconclusive
 * @param state whether it is, or was, published
 * @param step optimiser steps behind it
 * @param reasons the gate's words
 */
public record Version(String name, String verdict, String state, long step, List<String> reasons) {}
