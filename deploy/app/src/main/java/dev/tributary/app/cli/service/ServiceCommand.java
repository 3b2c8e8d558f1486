package dev.tributary.app.cli.service;

/** A command that runs until it is told to stop, and so logs what it does. */
public interface ServiceCommand {}
