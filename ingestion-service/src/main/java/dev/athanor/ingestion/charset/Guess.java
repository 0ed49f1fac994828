package dev.athanor.ingestion.charset;

import java.nio.charset.Charset;

/** @param bomLength bytes of the byte order mark to be skipped */
record Guess(Charset charset, int bomLength) {}
