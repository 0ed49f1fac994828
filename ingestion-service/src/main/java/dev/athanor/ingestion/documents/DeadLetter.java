package dev.athanor.ingestion.documents;

/** A line of {@code dead-letters.jsonl.zst}. */
record DeadLetter(String source, String uri, String reason, String detail) {

    private static final int MAX_DETAIL = 500;

    DeadLetter {
        detail = detail.length() > MAX_DETAIL ? detail.substring(0, MAX_DETAIL) + "…" : detail;
    }
}
