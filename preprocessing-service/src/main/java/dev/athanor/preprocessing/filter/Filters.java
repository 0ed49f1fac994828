package dev.athanor.preprocessing.filter;

import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.Checks;
import dev.athanor.contracts.json.SpecReader;
import dev.athanor.contracts.spec.CleanSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Every filter by name, and which ones each profile runs. */
public final class Filters {

    /** A filter in a pipeline, by its name. */
    public record Named(String name, Filter filter) {}

    /**
     * @param profiles limits of the profiles that do not use the defaults
     * @param <L> the filter's record of limits
     */
    private record Entry<L extends Record>(
            String name, L defaults, Map<String, L> profiles, BiFunction<L, Classifiers, Filter> create) {

        Named create(String profile, @Nullable JsonNode changes, Classifiers classifiers) {
            L limits = profiles.getOrDefault(profile, defaults);
            try {
                L given = changes == null ? limits : SpecReader.read(changes, limits);
                return new Named(name, create.apply(given, classifiers));
            } catch (AthanorException e) {
                throw e.under("limits." + name);
            }
        }
    }

    private static <L extends Record> Entry<L> entry(String name, L defaults, Function<L, Filter> create) {
        return new Entry<>(name, defaults, Map.of(), (limits, classifiers) -> create.apply(limits));
    }

    private static final List<Entry<?>> ALL = List.of(
            entry("length", LengthFilter.Limits.DEFAULTS, LengthFilter::new),
            new Entry<>(
                    "gopher-quality",
                    GopherQualityFilter.Limits.DEFAULTS,
                    Map.of("books", GopherQualityFilter.Limits.PROSE),
                    (limits, classifiers) -> new GopherQualityFilter(limits)),
            entry("gopher-repetition", GopherRepetitionFilter.Limits.DEFAULTS, GopherRepetitionFilter::new),
            entry("c4-quality", C4QualityFilter.Limits.DEFAULTS, C4QualityFilter::new),
            entry("c4-paragraph", C4ParagraphFilter.Limits.DEFAULTS, C4ParagraphFilter::new),
            entry("fineweb-quality", FineWebQualityFilter.Limits.DEFAULTS, FineWebQualityFilter::new),
            entry("language", LanguageFilter.Limits.DEFAULTS, LanguageFilter::new),
            entry("script", ScriptFilter.Limits.DEFAULTS, ScriptFilter::new),
            entry("dialect", DialectFilter.Limits.DEFAULTS, DialectFilter::new),
            entry("spam", SpamFilter.Limits.DEFAULTS, SpamFilter::new),
            entry("toxicity", WordListFilter.Limits.DEFAULTS, limits -> new WordListFilter("toxicity", limits)),
            entry("adult", WordListFilter.Limits.DEFAULTS, limits -> new WordListFilter("adult", limits)),
            new Entry<>("classifier", ClassifierFilter.Limits.DEFAULTS, Map.of(), ClassifierFilter::new));

    /** What datatrove runs for FineWeb, but for URL and language filters. */
    private static final List<String> WEB =
            List.of("length", "gopher-repetition", "gopher-quality", "c4-quality", "fineweb-quality");

    private static final List<String> BOOKS = List.of("length", "gopher-quality");

    private Filters() {}

    public static List<String> names() {
        return ALL.stream().map(Entry::name).toList();
    }

    /**
     * New instances of the filters that the specification asks for, in order.
     *
     * @throws AthanorException INVALID_SPEC for an unknown filter or limit, naming the field
     */
    public static List<Named> of(CleanSpec spec) {
        return of(spec, id -> {
            throw new IllegalStateException("no store to load classifier " + id + " from");
        });
    }

    /** @param classifiers where trained classifiers are loaded from */
    public static List<Named> of(CleanSpec spec, Classifiers classifiers) {
        List<String> names = spec.filters() == null ? ofProfile(spec.profile()) : spec.filters();
        for (String name : spec.limits().keySet()) {
            Checks.that(names.contains(name), "limits", name, "limits of a filter that runs, one of " + names);
        }
        var filters = new ArrayList<Named>();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            Checks.oneOf("filters[" + i + "]", name, names());
            ALL.stream()
                    .filter(e -> e.name().equals(name))
                    .map(e -> e.create(spec.profile(), spec.limits().get(name), classifiers))
                    .forEach(filters::add);
        }
        return filters;
    }

    private static List<String> ofProfile(String profile) {
        return switch (profile) {
            case "web" -> WEB;
            case "books" -> BOOKS;
            default -> List.of();
        };
    }
}
