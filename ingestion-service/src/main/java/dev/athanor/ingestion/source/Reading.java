package dev.athanor.ingestion.source;

import dev.athanor.ingestion.content.DeadLetterReason;
import dev.athanor.ingestion.content.Extracted;
import dev.athanor.ingestion.http.Fetched;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a {@link Connector} reads into. */
public interface Reading {

    /**
     * What is known about a file beforehand.
     *
     * @param facts see {@link dev.athanor.ingestion.content.Facts}
     */
    record Known(
            String uri,
            String name,
            @Nullable String mediaType,
            @Nullable Charset charset,
            @Nullable String licence,
            SortedMap<String, String> facts) {

        public static Known local(String uri, String name) {
            return new Known(uri, name, null, null, null, new TreeMap<>());
        }

        /** A page of the web. */
        public static Known of(Fetched page) {
            return new Known(page.url().toString(), page.name(), page.mediaType(), page.charset(), null, page.facts());
        }

        public Known withLicence(@Nullable String newLicence) {
            return new Known(uri, name, mediaType, charset, newLicence, facts);
        }

        public Known withUri(String newUri) {
            return new Known(newUri, name, mediaType, charset, licence, facts);
        }

        public Known withName(String newName) {
            return new Known(uri, newName, mediaType, charset, licence, facts);
        }

        /** With what the site says of the use of its pages, beside what the page's own headers say: either may say no. */
        public Known withConsent(SortedMap<String, String> consent) {
            var more = new TreeMap<>(facts);
            consent.forEach((key, value) -> more.merge(key, value, (page, site) -> page + ", " + site));
            return new Known(uri, name, mediaType, charset, licence, more);
        }

        public Known withFact(String key, String value) {
            var more = new TreeMap<>(facts);
            more.put(key, value);
            return new Known(uri, name, mediaType, charset, licence, more);
        }
    }

    /** A local file in any format, with whatever is inside. Faults become dead letters. */
    void file(Known known, Path file) throws IOException, InterruptedException;

    /** A text that the connector itself took out of its source. */
    void document(Extracted document);

    void deadLetter(String uri, DeadLetterReason reason, String detail);

    /** Something to be read in the next round; what was found before, in this or an earlier round, is left out. */
    void found(Item item);

    /**
     * Fetches a URL. An answer is kept until the job's stage has ended, so that a task that is tried again goes on where it
     * was stopped.
     *
     * @throws dev.athanor.ingestion.content.BadContentException with the reason why there is no answer
     */
    default Fetched fetch(String url) throws IOException, InterruptedException {
        return fetch(url, Map.of());
    }

    /** Reads an answer. */
    @FunctionalInterface
    interface FetchedFile {
        void read(Fetched fetched) throws IOException, InterruptedException;
    }

    /**
     * Fetches a URL, unless it is as it was when an earlier version of the corpus was made and the server says so (304): then
     * the item is counted as unchanged and nothing is read. Only for items of which nothing but documents is wanted.
     */
    void refetch(String url, FetchedFile reader) throws IOException, InterruptedException;

    /** @param headers further request headers, such as a token; never sent on to another host */
    Fetched fetch(String url, Map<String, String> headers) throws IOException, InterruptedException;

    /** Waits for a turn at this host, on top of the least interval that holds for every request. */
    void await(String host, Duration interval) throws InterruptedException;

    /** Empty folder for temporary files. */
    Path workFolder();

    /** Called in long loops: throws when the task was cancelled. */
    void checkStop() throws InterruptedException;
}
