package dev.athanor.ingestion.content;

/** Where a format puts what it finds. */
public interface Output {

    void document(Extracted document);

    /** One record or entry is lost; what is around it goes on. */
    void deadLetter(String uri, DeadLetterReason reason, String detail);

    /** Content inside the content: a decompressed stream, an archive entry, a web record. Read before this returns. */
    void nested(Content inner);

    /**
     * The output itself failed (disk full, task cancelled). Never caught as a fault of the content; its cause is what the
     * caller of the whole sees.
     */
    final class Failure extends RuntimeException {

        private final Exception failure;

        public Failure(Exception failure) {
            super(failure);
            this.failure = failure;
        }

        public Exception failure() {
            return failure;
        }
    }
}
