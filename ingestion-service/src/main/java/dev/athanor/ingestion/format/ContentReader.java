package dev.athanor.ingestion.format;

import dev.athanor.ingestion.content.BadContentException;
import dev.athanor.ingestion.content.Content;
import dev.athanor.ingestion.content.DeadLetterReason;
import dev.athanor.ingestion.content.Extracted;
import dev.athanor.ingestion.content.Output;
import java.util.SortedMap;

/** Reads any content: tells its format, lets it read, and turns every fault into a dead letter. */
public final class ContentReader {

    /** Receives what comes out of one file with everything in it. */
    public interface Sink {
        /** @param format name of the format that the text was in */
        void document(Extracted document, String format);

        void deadLetter(String uri, DeadLetterReason reason, String detail);
    }

    private final Sink sink;

    public ContentReader(Sink sink) {
        this.sink = sink;
    }

    /** @throws Output.Failure when the sink itself failed; never because of the content */
    public void read(Content content) {
        try {
            Format format = Formats.of(content);
            format.read(content, new ToSink(format.name(), content.facts()));
        } catch (Output.Failure e) {
            throw e;
        } catch (Exception | StackOverflowError e) {
            BadContentException bad = BadContentException.of(e);
            sink.deadLetter(content.uri(), bad.reason(), String.valueOf(bad.getMessage()));
        } catch (LinkageError e) {
            // A part that a format library loads only for what hardly anyone writes (codecs, mostly).
            sink.deadLetter(content.uri(), DeadLetterReason.UNSUPPORTED_FORMAT, "needs " + e.getMessage());
        } catch (OutOfMemoryError e) {
            sink.deadLetter(content.uri(), DeadLetterReason.TOO_LARGE, "does not fit into memory");
        }
    }

    private final class ToSink implements Output {

        private final String format;
        private final SortedMap<String, String> facts;

        ToSink(String format, SortedMap<String, String> facts) {
            this.format = format;
            this.facts = facts;
        }

        @Override
        public void document(Extracted document) {
            if (document.text().isBlank()) {
                sink.deadLetter(document.uri(), DeadLetterReason.NO_TEXT, "no text");
            } else {
                sink.document(document.withFacts(facts), format);
            }
        }

        @Override
        public void deadLetter(String uri, DeadLetterReason reason, String detail) {
            sink.deadLetter(uri, reason, detail);
        }

        @Override
        public void nested(Content inner) {
            read(inner);
        }
    }
}
