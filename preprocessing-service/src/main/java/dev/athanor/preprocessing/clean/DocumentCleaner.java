package dev.athanor.preprocessing.clean;

import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.contracts.document.Document;
import dev.athanor.contracts.spec.CleanSpec;
import dev.athanor.preprocessing.classify.LinearClassifier;
import dev.athanor.preprocessing.decontaminate.BenchmarkIndex;
import dev.athanor.preprocessing.decontaminate.BenchmarkTexts;
import dev.athanor.preprocessing.decontaminate.Contamination;
import dev.athanor.preprocessing.extract.MainContentExtractor;
import dev.athanor.preprocessing.extract.Page;
import dev.athanor.preprocessing.filter.Analysis;
import dev.athanor.preprocessing.filter.Filters;
import dev.athanor.preprocessing.filter.Verdict;
import dev.athanor.preprocessing.language.EnglishDialect;
import dev.athanor.preprocessing.language.LanguageIdentifier;
import dev.athanor.preprocessing.language.Scripts;
import dev.athanor.preprocessing.normalize.LineRepair;
import dev.athanor.preprocessing.normalize.Normalization;
import dev.athanor.preprocessing.normalize.StopWords;
import dev.athanor.preprocessing.normalize.TextNormalizer;
import dev.athanor.preprocessing.pii.PiiMatch;
import dev.athanor.preprocessing.pii.PiiRedactor;
import dev.athanor.preprocessing.words.TermFinder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * All that is done to one document by itself: extract, repair lines, normalize, filter, look for
 * evaluation texts, identify the language, redact personal data, take out stop words. Not for several threads.
 */
public final class DocumentCleaner {

    /** Outcome for one document. */
    public sealed interface Outcome {}

    public record Kept(Document document) implements Outcome {}

    /**
     * @param step name of the filter, or {@code extract} or {@code normalize}
     * @param document as it was when it was dropped
     */
    public record Dropped(Document document, String step, String reason) implements Outcome {}

    /** Characters; the tree of a page takes many times its size, and seconds a megabyte where it is made to. */
    private static final int LARGEST_PAGE = 20_000_000;

    private final MainContentExtractor extractor = new MainContentExtractor();
    private final CleanSpec spec;
    private final TextNormalizer normalizer;
    private final List<Filters.Named> filters;
    private final @Nullable BenchmarkIndex benchmarks;
    private final List<Contamination> contamination = new ArrayList<>();
    private final @Nullable PiiRedactor pii;
    private final @Nullable StopWords stopWords;
    private final @Nullable LanguageIdentifier languages;
    private final Analysis analysis = new Analysis();
    private final TreeMap<String, Long> counts = new TreeMap<>();

    /**
     * @param store where the evaluation sets are that the specification names
     * @param environment name of a variable to its value, or null
     */
    public DocumentCleaner(CleanSpec spec, ArtifactStore store, UnaryOperator<@Nullable String> environment)
            throws IOException {
        this.spec = spec;
        var terms = new TermFinder(spec.standardization().keepTerms(), false);
        normalizer = new TextNormalizer(
                Normalization.of(spec.normalization()), spec.standardization().compatibility(), terms);
        filters = Filters.of(spec, id -> LinearClassifier.load(store, id));
        var evaluation = spec.decontamination().benchmarks();
        benchmarks = evaluation.isEmpty() ? null : BenchmarkTexts.index(spec.decontamination(), store);
        for (int i = 0; benchmarks != null && i < evaluation.size(); i++) {
            contamination.add(Contamination.none(evaluation.get(i), benchmarks.texts(i)));
        }
        pii = spec.pii().on() ? PiiRedactor.of(spec.pii(), environment) : null;
        String language = spec.standardization().stopWords();
        stopWords = language == null ? null : new StopWords(language, terms);
        languages = spec.identifyLanguage() ? new LanguageIdentifier() : null;
    }

    /** What was found so far in documents that were kept, e.g. {@code pii.email}. */
    public SortedMap<String, Long> counts() {
        return Collections.unmodifiableSortedMap(counts);
    }

    /** What was found so far of each evaluation set, in the order of the specification. */
    public List<Contamination> contamination() {
        return List.copyOf(contamination);
    }

    public Outcome clean(Document raw) {
        if (isHtml(raw) && raw.text().length() > LARGEST_PAGE) {
            return new Dropped(raw, "extract", "page-too-large");
        }
        Document document;
        try {
            document = extract(raw);
        } catch (RuntimeException | StackOverflowError e) {
            // Hostile markup must cost its own document, not the job.
            return new Dropped(raw, "extract", "extraction-failed");
        }
        String text = normalizer.normalize(repairsLines(raw) ? LineRepair.repair(document.text()) : document.text());
        document = withText(document, text);
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
        if (isContaminated(document)) {
            return new Dropped(document, "decontaminate", "contaminated");
        }
        document = languages == null ? document : identified(document, languages);
        Outcome outcome = pii == null ? new Kept(document) : withoutPersonalData(document, pii);
        return outcome instanceof Kept(Document kept) && stopWords != null
                ? withoutStopWords(kept, stopWords)
                : outcome;
    }

    /** A document for people to look at, without personal data where the specification minds it. */
    Document forSample(Document document) {
        return pii == null ? document : withText(document, pii.redact(document.text(), pii.find(document.text())));
    }

    /** Language where it is not known, script, and for English the spelling. */
    private static Document identified(Document document, LanguageIdentifier languages) {
        String text = document.text();
        String known = document.language();
        String language = known == null ? languages.identify(text).language() : known;
        Document identified = document.withLanguage(language).withMetadata("script", Scripts.of(text));
        String dialect = language.equals("en") ? EnglishDialect.of(text) : null;
        return dialect == null ? identified : identified.withMetadata("dialect", dialect);
    }

    private boolean repairsLines(Document raw) {
        return switch (spec.standardization().lineBreaks()) {
            case "all" -> true;
            case "pdf" -> "pdf".equals(raw.metadata().get("from"));
            default -> false;
        };
    }

    private boolean isContaminated(Document document) {
        List<BenchmarkIndex.Found> found = benchmarks == null ? List.of() : benchmarks.find(document.text());
        for (int i = 0; !found.isEmpty() && i < contamination.size(); i++) {
            contamination.set(i, contamination.get(i).with(i, found));
        }
        return !found.isEmpty();
    }

    private Outcome withoutPersonalData(Document document, PiiRedactor redactor) {
        List<PiiMatch> matches = redactor.find(document.text());
        if (spec.pii().mode().equals("drop")) {
            return matches.isEmpty()
                    ? new Kept(document)
                    : new Dropped(
                            document, "pii", "pii-" + matches.getFirst().kind().slug());
        }
        matches.forEach(match -> counts.merge("pii." + match.kind().slug(), 1L, Long::sum));
        if (!matches.isEmpty()) {
            counts.merge("documents.with-pii", 1L, Long::sum);
        }
        Document clean = withText(document, redactor.redact(document.text(), matches));
        for (var entry : document.metadata().entrySet()) {
            String value = redactor.redact(entry.getValue(), redactor.find(entry.getValue()));
            clean = value.equals(entry.getValue()) ? clean : clean.withMetadata(entry.getKey(), value);
        }
        return new Kept(clean);
    }

    private static Outcome withoutStopWords(Document document, StopWords stopWords) {
        String text = stopWords.remove(document.text());
        return text.isBlank() ? new Dropped(document, "stop-words", "empty") : new Kept(withText(document, text));
    }

    private static Document withText(Document document, String text) {
        return text.equals(document.text()) ? document : document.withText(text, document.mediaType());
    }

    private static boolean isHtml(Document raw) {
        return raw.mediaType().equals("text/html") || raw.mediaType().equals("application/xhtml+xml");
    }

    private Document extract(Document raw) {
        if (!isHtml(raw)) {
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
