package dev.athanor.preprocessing.clean;

import dev.athanor.contracts.document.Document;
import dev.athanor.contracts.spec.CleanSpec;
import dev.athanor.preprocessing.extract.MainContentExtractor;
import dev.athanor.preprocessing.extract.Page;
import dev.athanor.preprocessing.filter.Analysis;
import dev.athanor.preprocessing.filter.Filters;
import dev.athanor.preprocessing.filter.Verdict;
import dev.athanor.preprocessing.language.LanguageIdentifier;
import dev.athanor.preprocessing.normalize.Normalization;
import dev.athanor.preprocessing.normalize.TextNormalizer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All that is done to one document by itself: extract, normalize, filter. Not for several threads. */
public final class DocumentCleaner {

    /** Outcome for one document. */
    public sealed interface Outcome {}

    public record Kept(Document document) implements Outcome {}

    /**
     * @param step name of the filter, or {@code extract} or {@code normalize}
     * @param document as it was when it was dropped
     */
    public record Dropped(Document document, String step, String reason) implements Outcome {}

    private final MainContentExtractor extractor = new MainContentExtractor();
    private final TextNormalizer normalizer;
    private final List<Filters.Named> filters;
    private final @Nullable LanguageIdentifier languages;
    private final Analysis analysis = new Analysis();

    public DocumentCleaner(CleanSpec spec) {
        normalizer = new TextNormalizer(Normalization.of(spec.normalization()));
        filters = Filters.of(spec);
        languages = spec.identifyLanguage() ? new LanguageIdentifier() : null;
    }

    public Outcome clean(Document raw) {
        Document document;
        try {
            document = extract(raw);
        } catch (RuntimeException | StackOverflowError e) {
            // Hostile markup must cost its own document, not the job.
            return new Dropped(raw, "extract", "extraction-failed");
        }
        String text = normalizer.normalize(document.text());
        document = text.equals(document.text()) ? document : document.withText(text, document.mediaType());
        if (text.isBlank()) {
            return new Dropped(document, "normalize", "empty");
        }
        analysis.of(text);
        for (Filters.Named named : filters) {
            switch (named.filter().test(analysis)) {
                case Verdict.Keep keep -> {}
                case Verdict.Rewrite rewrite -> {
                    document = document.withText(rewrite.text(), document.mediaType());
                    analysis.of(rewrite.text());
                }
                case Verdict.Drop drop -> {
                    return new Dropped(document, named.name(), drop.reason());
                }
            }
        }
        if (languages != null && document.language() == null) {
            document = document.withLanguage(languages.identify(document.text()).language());
        }
        return new Kept(document);
    }

    private Document extract(Document raw) {
        if (!raw.mediaType().equals("text/html") && !raw.mediaType().equals("application/xhtml+xml")) {
            return raw;
        }
        Page page = extractor.extract(raw.text(), raw.uri().startsWith("http") ? raw.uri() : "");
        Document document = raw.withText(page.text(), "text/plain");
        if (page.title() != null && !raw.metadata().containsKey("title")) {
            document = document.withMetadata("title", page.title());
        }
        return page.language() == null ? document : document.withMetadata("declared-language", page.language());
    }
}
